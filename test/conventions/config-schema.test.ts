import { expect, test } from 'vitest'
import { buildConfigSchema, configSchemaText, schemaFile } from '../../pipeline/config-schema.js'
import { configExamples, configWords } from '../../pipeline/config-words.js'

test('every key of debrief.yaml is described in pipeline/config-words.ts, and nothing else is', () => {
  const { undescribed, unknown } = buildConfigSchema()
  expect({ undescribed, unknown }).toEqual({ undescribed: [], unknown: [] })
  expect(Object.keys(configExamples).filter((path) => configWords[path] === undefined)).toEqual([])
})

test('templates/debrief.schema.json is what the configuration is; with -u it is written anew', async () => {
  await expect(configSchemaText()).toMatchFileSnapshot(schemaFile)
})
