// The invented projects that the demo's developer works on, and what there is to do in each.

export type StoryKind =
  | 'implement'
  | 'fix'
  | 'refactor'
  | 'tests'
  | 'docs'
  | 'explore'
  | 'research'
  | 'config'

export interface Project {
  readonly name: string
  readonly extension: string
  readonly files: readonly string[]
  readonly testCommand: string
  readonly buildCommand: string
  readonly topics: Readonly<Record<StoryKind, readonly string[]>>
}

export const projectWeights: readonly (readonly [Project, number])[] = [
  [
    {
      name: 'recipe-box',
      extension: 'ts',
      files: [
        'src/recipes.ts',
        'src/shopping-list.ts',
        'src/units.ts',
        'src/search.ts',
        'src/pages/recipe.ts',
      ],
      testCommand: 'npm test',
      buildCommand: 'npm run build',
      topics: {
        implement: [
          'a shopping list that merges the ingredients of several recipes',
          'scaling a recipe to another number of servings',
          'a search by ingredient',
          'a print view without pictures',
          'an import of recipes from plain text',
          'tags for vegetarian and vegan recipes',
        ],
        fix: [
          'the rounding of half teaspoons',
          'the duplicate ingredients after an import',
          'the empty page when a recipe has no steps',
          'the lost umlauts in exported recipes',
        ],
        refactor: ['the unit conversion into one module', 'the recipe parser into small functions'],
        tests: ['the unit conversion', 'the shopping list'],
        docs: ['the recipe format', 'how to add a unit'],
        explore: ['the search index', 'the import of recipes'],
        research: ['how other tools store recipes', 'libraries that read ingredient lines'],
        config: ['the formatter', 'a nightly build'],
      },
    },
    30,
  ],
  [
    {
      name: 'tide-tables',
      extension: 'py',
      files: [
        'tides/harmonics.py',
        'tides/stations.py',
        'tides/chart.py',
        'tides/cli.py',
        'tests/test_harmonics.py',
      ],
      testCommand: 'pytest -q',
      buildCommand: 'python -m build',
      topics: {
        implement: [
          'a chart of the next seven days',
          'a calendar file with high and low water',
          'a list of stations near a position',
          'moon phases beside the tides',
        ],
        fix: [
          'the one-hour offset after the clock change',
          'the missing low water at midnight',
          'the crash for stations without a datum',
          'the wrong sign of the tide height in the south',
        ],
        refactor: ['the harmonic constants into a table', 'the command line into subcommands'],
        tests: ['the clock change', 'stations near the date line'],
        docs: ['the station file', 'how the heights are computed'],
        explore: ['the harmonic prediction', 'the cache of stations'],
        research: ['where tide data may be used freely', 'how accurate seven constants are'],
        config: ['the type checker', 'the release workflow'],
      },
    },
    24,
  ],
  [
    {
      name: 'garden-planner',
      extension: 'ts',
      files: [
        'src/beds.ts',
        'src/calendar.ts',
        'src/frost.ts',
        'src/components/bed-map.ts',
        'src/plants.json',
      ],
      testCommand: 'npm test',
      buildCommand: 'npm run build',
      topics: {
        implement: [
          'a sowing calendar by region',
          'a warning about late frost',
          'drag and drop of plants between beds',
          'crop rotation over three years',
          'a list of good and bad neighbours',
        ],
        fix: [
          'the bed that jumps back after a drag',
          'the frost date in leap years',
          'the slow drawing of large gardens',
        ],
        refactor: ['the bed map into components', 'the plant data into one file'],
        tests: ['the crop rotation', 'the sowing calendar'],
        docs: ['the plant file', 'the keyboard shortcuts'],
        explore: ['the drawing of beds', 'the state of the garden'],
        research: ['public sources of frost dates', 'drag and drop without a library'],
        config: ['the preview deployment', 'the linter'],
      },
    },
    22,
  ],
  [
    {
      name: 'invoice-bot',
      extension: 'go',
      files: [
        'cmd/invoice/main.go',
        'internal/invoice/total.go',
        'internal/pdf/render.go',
        'internal/mail/send.go',
      ],
      testCommand: 'go test ./...',
      buildCommand: 'go build ./...',
      topics: {
        implement: [
          'a reminder for overdue invoices',
          'invoices in a second currency',
          'a monthly summary as a table',
          'a dry run that prints the mail',
        ],
        fix: [
          'the cent that is lost when rounding taxes',
          'the page break in the middle of a line',
          'the second mail after a retry',
        ],
        refactor: ['the totals into a package of their own', 'the mail templates'],
        tests: ['the rounding of taxes', 'the reminder'],
        docs: ['the configuration', 'how to renew the certificate'],
        explore: ['the numbering of invoices', 'the mail queue'],
        research: ['rules for rounding taxes', 'fonts that may be embedded'],
        config: ['the container image', 'the weekly backup'],
      },
    },
    16,
  ],
  [
    {
      name: 'star-map',
      extension: 'rs',
      files: ['src/main.rs', 'src/catalog.rs', 'src/projection.rs', 'src/render.rs'],
      testCommand: 'cargo test',
      buildCommand: 'cargo build --release',
      topics: {
        implement: ['constellation lines', 'a red night mode', 'a finder for planets'],
        fix: ['the mirrored map south of the equator', 'the star that is drawn twice'],
        refactor: ['the projections behind one trait'],
        tests: ['the projection at the poles'],
        docs: ['the catalogue format'],
        explore: ['the rendering of labels'],
        research: ['star catalogues with a free licence'],
        config: ['the benchmark job'],
      },
    },
    8,
  ],
]

export const storyKindWeights: readonly (readonly [StoryKind, number])[] = [
  ['implement', 32],
  ['fix', 26],
  ['refactor', 10],
  ['tests', 9],
  ['docs', 7],
  ['explore', 8],
  ['research', 4],
  ['config', 4],
]
