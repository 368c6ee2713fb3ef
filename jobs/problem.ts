// One thing that `doctor` found, with what to do about it.

export interface Problem {
  /** mend: the user must do something; note: it may be as it should. */
  readonly severity: 'mend' | 'note'
  readonly subject: string
  readonly message: string
  readonly advice: string
}

export function mend(subject: string, message: string, advice: string): Problem {
  return { severity: 'mend', subject, message, advice }
}

export function note(subject: string, message: string, advice: string): Problem {
  return { severity: 'note', subject, message, advice }
}
