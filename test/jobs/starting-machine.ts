// A HOME with an awkward name, and stand-ins for crontab, systemctl and launchctl that keep and refuse what the real ones do.
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const crontab = `
file="$STORE/crontab"
case "$1" in
  -l) [ -f "$file" ] && exec cat "$file"; echo "no crontab for sam" >&2; exit 1 ;;
  -r) [ -f "$file" ] && exec rm "$file"; echo "no crontab for sam" >&2; exit 1 ;;
  -) cat > "$STORE/new"
     if [ -n "$(tail -c 1 "$STORE/new")" ]; then
       echo "new crontab file is missing newline before EOF, can't install." >&2; rm "$STORE/new"; exit 1
     fi
     if grep -vqE '^(#.*|[*0-9/,-]+ [*0-9/,-]+ [*0-9/,-]+ [*0-9/,-]+ [*0-9/,-]+ .+)?$' "$STORE/new"; then
       echo "bad minute, errors in crontab file, can't install." >&2; rm "$STORE/new"; exit 1
     fi
     mv "$STORE/new" "$file" ;;
  *) echo "usage error" >&2; exit 1 ;;
esac`

/** A unit is known once it was reloaded, and as it was then. */
const systemctl = `
[ "$1" = --user ] || { echo "expected --user" >&2; exit 1; }
shift
units="$HOME/.config/systemd/user"
wants="$units/default.target.wants"
mkdir -p "$STORE/loaded" "$STORE/active"
missing() { echo "Failed to $1 unit: Unit $2 not found." >&2; exit 5; }
case "$1" in
  show-environment) ;;
  daemon-reload) rm -f "$STORE/loaded/"*; for unit in "$units"/*.service; do [ -f "$unit" ] && cp "$unit" "$STORE/loaded/"; done; true ;;
  enable) [ -f "$STORE/loaded/$2" ] || missing enable "$2"; mkdir -p "$wants"; ln -sf "../$2" "$wants/$2" ;;
  restart) [ -f "$STORE/loaded/$2" ] || missing restart "$2"; cp "$STORE/loaded/$2" "$STORE/active/$2" ;;
  disable) [ "$2" = --now ] && shift; [ -f "$STORE/loaded/$2" ] || missing disable "$2"
    rm -f "$wants/$2" "$STORE/active/$2"; rmdir "$wants" 2>/dev/null; true ;;
  *) echo "Unknown command verb $1." >&2; exit 1 ;;
esac`

const launchctl = `
mkdir -p "$STORE/agents"
case "$1" in
  bootstrap) label=$(basename "$3" .plist)
    [ -f "$STORE/agents/$label" ] && { echo "Bootstrap failed: 5: Input/output error" >&2; exit 5; }
    cp "$3" "$STORE/agents/$label" ;;
  bootout) label=$(basename "$2")
    [ -f "$STORE/agents/$label" ] || { echo "Boot-out failed: 3: No such process" >&2; exit 3; }
    rm "$STORE/agents/$label" ;;
  *) echo "Unrecognized subcommand: $1" >&2; exit 64 ;;
esac`

export interface StartingMachine {
  readonly home: string
  /** For a command's environment. */
  readonly env: Readonly<Record<string, string>>
  /** What the stand-ins keep: the text below this name, or null. */
  kept(path: string): string | null
  keep(path: string, text: string): void
  /** From now on this command fails with this message. */
  breakCommand(name: string, message: string): void
  /** Lets others read a file. */
  open(path: string): void
  /** Every file below HOME by its path, and every file that the stand-ins keep. */
  files(): Map<string, string>
  /** Files and folders below HOME that others than their owner may read. */
  readableByOthers(): string[]
  remove(): void
}

export function createStartingMachine(): StartingMachine {
  const folder = mkdtempSync(join(tmpdir(), 'debrief-start-'))
  const home = join(folder, `sam's 100% own $HOME & "co"`)
  const [bin, store] = [join(folder, 'bin'), join(folder, 'store')]
  for (const path of [home, bin, store]) mkdirSync(path, { mode: 0o700 })
  for (const [name, text] of Object.entries({ crontab, systemctl, launchctl })) {
    writeFileSync(join(bin, name), `#!/bin/sh\nSTORE='${store}'${text}\n`)
    chmodSync(join(bin, name), 0o700)
  }
  return {
    home,
    env: { HOME: home, PATH: `${bin}:${process.env.PATH}` },
    kept: (path) => (existsSync(join(store, path)) ? readFileSync(join(store, path), 'utf8') : null),
    keep: (path, text) => writeFileSync(join(store, path), text),
    breakCommand: (name, message) =>
      writeFileSync(join(bin, name), `#!/bin/sh\necho "${message}" >&2\nexit 1\n`),
    open: (path) => chmodSync(path, 0o644),
    files: () =>
      new Map(
        [home, store].flatMap((root) => entriesBelow(root).map((path) => [path, textOf(path)] as const)),
      ),
    readableByOthers: () => entriesBelow(home).filter((path) => isOpen(path)),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}

function isOpen(path: string): boolean {
  const found = lstatSync(path)
  return !found.isSymbolicLink() && (found.mode & 0o077) !== 0
}

function entriesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
}

function textOf(path: string): string {
  const found = lstatSync(path)
  return found.isFile() ? readFileSync(path, 'utf8') : found.isDirectory() ? 'folder' : 'link'
}
