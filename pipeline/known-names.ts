// Names that everybody knows: under privacy.content none, a word typed or called with is kept only if it is one of them.

/** Commands that steer the agent itself. */
export const builtInCommands: ReadonlySet<string> = new Set(
  (
    'add-dir agents bashes bug clear compact config context copy cost doctor effort exit export extra-usage fast help ' +
    'hooks ide init install-github-app login logout mcp memory migrate-installer model new output-style permissions ' +
    'plan plugin privacy-settings quit release-notes reload-plugins rename resume rewind status statusline stats tasks ' +
    'terminal-setup theme todos upgrade usage vim'
  ).split(' '),
)

/** Sub-agents that an agent brings along; others are named by their users. */
export const builtInAgents: readonly string[] = [
  'general-purpose',
  'Explore',
  'Plan',
  'statusline-setup',
  'output-style-setup',
  'claude-code-guide',
]

/** Programs found on many machines. */
export const commonPrograms: readonly string[] = (
  'ansible apt apt-get awk aws az base64 bash bazel bc biome brew bun bundle cargo cat cd chmod chown clang cmake code ' +
  'comm composer cp curl cut date deno df diff dig docker docker-compose dotnet du echo env eslint expr false fd file ' +
  'find for gcc gcloud gem gh git go gofmt gradle grep gunzip gzip head helm hostname if java javac jest jq just ' +
  'kill kubectl less ln ls lsof make md5sum mise mkdir mocha mv mvn mysql nc node npm npx open openssl patch perl php ' +
  'ping pip pip3 pkill playwright pnpm poetry prettier printf ps psql pwd pytest python python3 rails rake rg rm rmdir ' +
  'rsync ruby ruff rustc scp sed seq set sh sha256sum shellcheck sleep sort source split sqlite3 ssh stat strings sudo ' +
  'swift systemctl tail tar tee terraform test time timeout touch tr tree true tsc tsx uname uniq unzip uv uvx vite ' +
  'vitest vim wc wget which while xargs xcodebuild yarn zip zsh'
).split(' ')
