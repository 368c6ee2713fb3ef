// `debrief completion`: a script by which a shell completes commands and flags, made from the commands themselves.
import type { Command, Option } from 'commander'
import { createLog } from '../pipeline/log.js'

export type Shell = 'bash' | 'zsh' | 'fish'

export interface Place {
  /** The commands so far, each with a space before it: "" or " run weekly". */
  readonly path: string
  readonly words: readonly { readonly word: string; readonly help: string }[]
  /** Flags that take a value: one of these, or a file where there are none. */
  readonly values: readonly { readonly flags: readonly string[]; readonly choices: readonly string[] }[]
}

/** It reads no configuration: a shell asks for it in whatever folder it starts. */
export function completion(program: Command, shell: Shell): void {
  createLog({ isQuiet: false, style: 'plain', secrets: {} }).print(completionScript(program, shell))
}

export function completionScript(program: Command, shell: Shell): string {
  return writers[shell](listPlaces(program, ''))
}

function listPlaces(command: Command, path: string): Place[] {
  const { visibleCommands, visibleOptions } = visibleIn(command)
  const choices = command.registeredArguments[0]?.argChoices ?? []
  const here: Place = {
    path,
    words: [
      ...visibleCommands.map((inner) => ({ word: inner.name(), help: inner.description() })),
      ...choices.map((word) => ({ word, help: '' })),
      ...visibleOptions.flatMap((option) =>
        flagsOf(option).map((word) => ({ word, help: option.description })),
      ),
    ],
    values: visibleOptions
      .filter((option) => option.required || option.optional)
      .map((option) => ({ flags: flagsOf(option), choices: option.argChoices ?? [] })),
  }
  const inner = visibleCommands
    .filter((found) => found.name() !== 'help')
    .flatMap((found) => listPlaces(found, `${path} ${found.name()}`))
  return [here, ...inner]
}

function visibleIn(command: Command): { visibleCommands: Command[]; visibleOptions: Option[] } {
  const help = command.createHelp()
  return { visibleCommands: help.visibleCommands(command), visibleOptions: help.visibleOptions(command) }
}

function flagsOf({ long, short }: Option): string[] {
  return [long, short].filter((flag) => flag !== undefined && flag !== null)
}

const writers: Readonly<Record<Shell, (places: readonly Place[]) => string>> = { bash, zsh, fish }

function bash(places: readonly Place[]): string {
  const values = places.flatMap(({ path, values }) =>
    values.flatMap(({ flags, choices }) =>
      flags.map(
        (flag) => `    ${quoted(`${path}|${flag}`)}) candidates=${quoted(choices.join(' '))}; isValue=1 ;;`,
      ),
    ),
  )
  const words = places.map(
    ({ path, words }) =>
      `    ${quoted(path)}) candidates=${quoted(words.map(({ word }) => word).join(' '))} ;;`,
  )
  return `# bash completion of debrief: eval "$(debrief completion bash)" in ~/.bashrc
_debrief() {
  local at="" word candidates="" isValue="" current="\${COMP_WORDS[COMP_CWORD]}"
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$at $word" in ${paths(places).map(quoted).join('|')}) at="$at $word" ;; esac
  done
  case "$at|\${COMP_WORDS[COMP_CWORD-1]}" in
${values.join('\n')}
  esac
  [ -n "$isValue" ] || case "$at" in
${words.join('\n')}
  esac
  COMPREPLY=($(compgen -W "$candidates" -- "$current"))
}
complete -o default -F _debrief debrief`
}

function zsh(places: readonly Place[]): string {
  const described = ({ words }: Place) =>
    words
      .map(({ word, help }) => quoted(help === '' ? word : `${word}:${help.replaceAll(':', ' ')}`))
      .join(' ')
  const values = places.flatMap(({ path, values }) =>
    values.flatMap(({ flags, choices }) =>
      flags.map(
        (flag) =>
          `    ${quoted(`${path}|${flag}`)}) ${choices.length === 0 ? '_files' : `compadd -- ${choices.join(' ')}`}; return ;;`,
      ),
    ),
  )
  const words = places.map((place) => `    ${quoted(place.path)}) candidates=(${described(place)}) ;;`)
  return `#compdef debrief
# zsh completion of debrief: eval "$(debrief completion zsh)" in ~/.zshrc, after compinit
_debrief() {
  local at="" word
  local -a candidates
  for word in "\${(@)words[2,CURRENT-1]}"; do
    case "$at $word" in (${paths(places).map(quoted).join('|')}) at="$at $word" ;; esac
  done
  case "$at|\${words[CURRENT-1]}" in
${values.join('\n')}
  esac
  case "$at" in
${words.join('\n')}
  esac
  _describe debrief candidates || _files
}
compdef _debrief debrief`
}

function fish(places: readonly Place[]): string {
  const lines = places.flatMap((place) => {
    const here = `complete -c debrief -n ${fishQuoted(`__debrief_is_at ${fishQuoted(place.path)}`)}`
    const help = (text: string) => (text === '' ? '' : ` -d ${fishQuoted(text)}`)
    return place.words.map(({ word, help: text }) => {
      if (!word.startsWith('-')) return `${here} -f -a ${fishQuoted(word)}${help(text)}`
      const value = place.values.find(({ flags }) => flags.includes(word))
      const name = word.startsWith('--') ? `-l ${word.slice(2)}` : `-s ${word.slice(1)}`
      const takes =
        value === undefined
          ? ''
          : value.choices.length === 0
            ? ' -r'
            : ` -x -a ${fishQuoted(value.choices.join(' '))}`
      return `${here} ${name}${takes}${help(text)}`
    })
  })
  return `# fish completion of debrief: debrief completion fish > ~/.config/fish/completions/debrief.fish
function __debrief_is_at
  set -l at ""
  for word in (commandline -opc)[2..-1]
    if contains -- "$at $word" ${paths(places).map(fishQuoted).join(' ')}
      set at "$at $word"
    end
  end
  test "$at" = "$argv[1]"
end
${lines.join('\n')}`
}

function paths(places: readonly Place[]): string[] {
  return places.map(({ path }) => path).filter((path) => path !== '')
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`
}

function fishQuoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
}
