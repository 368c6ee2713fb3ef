// The stages as run.ts and its parts call them: each is read from the disk when it is first called, so that a sync
// starts without the report, the models and what publishes.
import type { PublishEffects } from './publish/effects.js'
import type { ReportEffects } from './report/render.js'

/** A function of another module, loaded with its first call. */
function late<A extends unknown[], R>(
  load: () => Promise<(...args: A) => R | Promise<R>>,
): (...args: A) => Promise<R> {
  return async (...args) => (await load())(...args)
}

export const findFailedRuns = late(async () => (await import('./alerts/findings.js')).findFailedRuns)
export const findInWarehouse = late(async () => (await import('./alerts/findings.js')).findInWarehouse)
export const raiseAlerts = late(async () => (await import('./alerts/raise.js')).raiseAlerts)
export const todaysAlerts = late(async () => (await import('./alerts/raise.js')).todaysAlerts)

export const readCandidates = late(async () => (await import('./facets/candidates.js')).readCandidates)
export const readMainSessions = late(async () => (await import('./facets/candidates.js')).readMainSessions)
export const extractFacets = late(async () => (await import('./facets/extract.js')).extractFacets)
export const limitKeptFacets = late(async () => (await import('./facets/extract.js')).limitKeptFacets)
export const importInsights = late(async () => (await import('./facets/import-insights.js')).importInsights)

export const forgetSessions = late(async () => (await import('./forget/forget.js')).forgetSessions)

export const openAsker = late(async () => (await import('./llm/asker.js')).openAsker)
export const openClient = late(async () => (await import('./llm/open.js')).openClient)
export const probeModels = late(async () => (await import('./llm/probe.js')).probeModels)

export const publishAlerts = late(async () => (await import('./publish/alerts.js')).publishAlerts)
export const probePublishing = late(async () => (await import('./publish/probe.js')).probePublishing)
export const publish = late(async () => (await import('./publish/publish.js')).publish)
export const renewMessages = late(async () => (await import('./publish/publish.js')).renewMessages)
export const readTipAnswers = late(async () => (await import('./publish/read-reactions.js')).readTipAnswers)
export const recordTipAnswer = late(async () => (await import('./publish/read-reactions.js')).recordTipAnswer)
export const withdrawFromBucket = late(async () => (await import('./publish/withdraw.js')).withdrawFromBucket)

export const listRenderedPeriods = late(async () => (await import('./report/archive.js')).listRenderedPeriods)
export const readActiveDates = late(async () => (await import('./report/data.js')).readActiveDates)
export const renderExplore = late(async () => (await import('./report/explore/explore.js')).renderExplore)
export const freezePeriod = late(async () => (await import('./report/freeze.js')).freezePeriod)
export const letterByModel = late(async () => (await import('./report/letter/by-model.js')).letterByModel)
export const renderReport = late(async () => (await import('./report/render.js')).renderReport)
export const writeByRules = late(async () => (await import('./report/render.js')).writeByRules)
export const renderSite = late(async () => (await import('./report/site/render-site.js')).renderSite)

export const carryForgotten = late(async () => (await import('./snapshot/forgotten.js')).carryForgotten)
export const fillLedger = late(async () => (await import('./snapshot/restore.js')).fillLedger)
export const verifySnapshot = late(async () => (await import('./snapshot/restore.js')).verifySnapshot)
export const writeSnapshot = late(async () => (await import('./snapshot/snapshot.js')).writeSnapshot)

export const setTargets = late(async () => (await import('./targets/set.js')).setTargets)
export const giveFeedback = late(async () => (await import('./tips/feedback.js')).giveFeedback)
export const listTips = late(async () => (await import('./tips/feedback.js')).listTips)
export const readShownTips = late(async () => (await import('./tips/feedback.js')).readShownTips)
export const makeTips = late(async () => (await import('./tips/generate.js')).makeTips)
export const phraseTips = late(async () => (await import('./tips/phrase.js')).phraseTips)

const real = async () => (await import('./report/render.js')).realReportEffects

/** As pipeline/report has them. */
export const realReportEffects: ReportEffects = {
  readData: async (...args) => (await real()).readData(...args),
  drawSvg: async (...args) => (await real()).drawSvg(...args),
  drawPng: async (...args) => (await real()).drawPng(...args),
  readTranscript: async (...args) => (await real()).readTranscript(...args),
}

const sending = async () => (await import('./publish/effects.js')).defaultEffects

/** As pipeline/publish has them. */
export const realPublishEffects: PublishEffects = {
  openBucket: async (...args) => (await sending()).openBucket(...args),
  openWebhook: async (...args) => (await sending()).openWebhook(...args),
  openBot: async (...args) => (await sending()).openBot(...args),
  sleep: async (...args) => (await sending()).sleep(...args),
}
