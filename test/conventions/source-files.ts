// The program's own TypeScript, as the import rules look at it: each file, what it imports, and how.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import ts from 'typescript'
import { packageRoot } from '../../pipeline/root.js'

export interface Import {
  /** `pipeline/run.ts`, or a package's name, or `node:fs`. */
  readonly target: string
  /** Nothing of it is left at run time. */
  readonly isType: boolean
  /** `import()`, or required in a function: loaded when that line is reached. */
  readonly isLazy: boolean
  readonly isReexport: boolean
}

export interface SourceFile {
  /** From the package's root, such as `jobs/cli.ts`. */
  readonly path: string
  readonly text: string
  readonly imports: readonly Import[]
  /** `process.env`, `process.stdout.write`, `console.log`, … as written. */
  readonly globals: readonly string[]
}

/** Every file of jobs/ and pipeline/. */
export function readSourceFiles(): SourceFile[] {
  return ['jobs', 'pipeline']
    .flatMap((folder) =>
      readdirSync(join(packageRoot, folder), { recursive: true, encoding: 'utf8' }).map((file) =>
        join(folder, file),
      ),
    )
    .filter((path) => path.endsWith('.ts'))
    .sort()
    .map((path) => readSourceFile(path, readFileSync(join(packageRoot, path), 'utf8')))
}

export function readSourceFile(path: string, text: string): SourceFile {
  const tree = ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, true)
  const imports: Import[] = []
  const globals: string[] = []
  const visit = (node: ts.Node): void => {
    const found = importOf(node, path)
    if (found) imports.push(found)
    if (ts.isPropertyAccessExpression(node) && /^(process|console)\b/.test(node.getText()))
      globals.push(node.getText())
    ts.forEachChild(node, visit)
  }
  visit(tree)
  return { path, text, imports, globals }
}

/** Files and packages that are loaded with this file, before any of its lines runs. */
export function loadedWith(path: string, files: readonly SourceFile[]): Set<string> {
  const byPath = new Map(files.map((file) => [file.path, file]))
  const loaded = new Set<string>()
  const load = (target: string): void => {
    if (loaded.has(target)) return
    loaded.add(target)
    for (const { target: next, isType, isLazy } of byPath.get(target)?.imports ?? [])
      if (!isType && !isLazy) load(next)
  }
  load(path)
  return loaded
}

function importOf(node: ts.Node, path: string): Import | null {
  if (ts.isImportDeclaration(node) && ts.isStringLiteral(node.moduleSpecifier))
    return {
      target: resolveTarget(path, node.moduleSpecifier.text),
      isType: isTypeOnly(node.importClause),
      isLazy: false,
      isReexport: false,
    }
  if (ts.isExportDeclaration(node) && node.moduleSpecifier && ts.isStringLiteral(node.moduleSpecifier))
    return {
      target: resolveTarget(path, node.moduleSpecifier.text),
      isType: node.isTypeOnly,
      isLazy: false,
      isReexport: true,
    }
  const isImportCall =
    ts.isCallExpression(node) && /^(import|createRequire\(.*\))$/.test(node.expression.getText())
  if (isImportCall) {
    const [specifier] = node.arguments
    const isLazy = node.expression.kind === ts.SyntaxKind.ImportKeyword || isInFunction(node)
    if (specifier && ts.isStringLiteral(specifier))
      return { target: resolveTarget(path, specifier.text), isType: false, isLazy, isReexport: false }
  }
  return null
}

function isInFunction(node: ts.Node): boolean {
  return ts.findAncestor(node, ts.isFunctionLike) !== undefined
}

/** `import type`, or braces in which every name is a type. */
function isTypeOnly(clause: ts.ImportClause | undefined): boolean {
  if (!clause) return false
  if (clause.phaseModifier === ts.SyntaxKind.TypeKeyword) return true
  const bindings = clause.namedBindings
  return (
    !clause.name &&
    !!bindings &&
    ts.isNamedImports(bindings) &&
    bindings.elements.length > 0 &&
    bindings.elements.every((element) => element.isTypeOnly)
  )
}

function resolveTarget(path: string, specifier: string): string {
  if (!specifier.startsWith('.')) return specifier
  const file = normalize(join(dirname(path), specifier)).replace(/\.js$/, '.ts')
  if (!existsSync(join(packageRoot, file))) throw new Error(`${path} imports ${specifier}, which is no file`)
  return file
}
