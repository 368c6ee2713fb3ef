// What a machine is told to start, and with what around it; each kind of starter writes it in its own language.

export interface Launch {
  /** Node's program, the command line's file, and arguments. */
  readonly command: readonly string[]
  readonly workingDirectory: string
  /** Nothing secret: where programs and agents' logs are found. */
  readonly environment: Readonly<Record<string, string>>
}

export const starterKinds = ['systemd', 'launchd', 'crontab'] as const
export type StarterKind = (typeof starterKinds)[number]
