// The digest as the report stage writes it (digest.json): everything a short message needs, as plain text.
import * as z from '../zod.js'

export const digestSchema = z.strictObject({
  schema: z.literal('debrief.digest/1'),
  kind: z.enum(['weekly', 'monthly']),
  period: z.string().min(1),
  title: z.string().min(1),
  is_so_far: z.boolean(),
  /** What privacy.content was when the report was rendered. */
  content: z.enum(['none', 'summaries', 'transcripts']),
  headlines: z.array(
    z.strictObject({
      label: z.string(),
      value: z.string(),
      /** Against the period before, such as `+12 %`; null where there is none. */
      change: z.string().nullable(),
      direction: z.enum(['up', 'down', 'flat']).nullable(),
    }),
  ),
  sentences: z.array(z.string()),
  sections: z.array(z.strictObject({ heading: z.string(), lines: z.array(z.string()) })),
  tips: z
    .array(
      z.strictObject({
        tip_id: z.string(),
        /** What `debrief tips helpful` and `dismiss` take. */
        name: z.string(),
        text: z.string(),
      }),
    )
    .default([]),
  open_loops: z
    .array(
      z.strictObject({
        text: z.string(),
        /** Takes it up again; null where there is none, or where privacy allows none to be shown. */
        command: z.string().nullable(),
      }),
    )
    .default([]),
  /** Told last: what changed since the report was first made, and what its numbers lack. */
  remarks: z.array(z.strictObject({ heading: z.string(), lines: z.array(z.string()) })).default([]),
  /** A file beside digest.json, or null. */
  image: z
    .string()
    .regex(/^[\w-][\w.-]*$/, 'expected a file name without a folder')
    .nullable(),
  image_alt: z.string(),
})

export type Digest = z.output<typeof digestSchema>
