import { textOf } from './chains.ts';
import { ts } from '../schema/compiler.cjs';
import { parseText } from '../schema/parse.ts';
import { isTest } from './find-database.ts';

/** A framework that answers HTTP requests. */
export interface Framework {
  /** As `Stack.framework` names it. */
  readonly id: string;
  /** As its own documentation writes it. */
  readonly title: string;
  /** The packages that applications are made with; its plugins and servers serve other frameworks too. */
  readonly packages: RegExp;
  /** It starts the application's modules itself, so that these may not import it: the dependency alone shows it. */
  readonly isHost?: boolean | undefined;
  /** Frameworks that it is built upon: their imports belong to it. */
  readonly builtOn?: readonly string[] | undefined;
}

/** Those that tableplan can tell apart, whether it has a stack for them or not. */
const FRAMEWORKS: readonly Framework[] = [
  {
    id: 'nestjs',
    title: 'NestJS',
    packages: /^@nestjs\/(core|common)$/,
    builtOn: ['express', 'fastify'],
  },
  { id: 'hono', title: 'Hono', packages: /^(hono|@hono\/zod-openapi)$/ },
  { id: 'elysia', title: 'Elysia', packages: /^elysia$/ },
  { id: 'fastify', title: 'Fastify', packages: /^fastify$/ },
  { id: 'express', title: 'Express', packages: /^express$/ },
  { id: 'koa', title: 'Koa', packages: /^koa$/ },
  { id: 'hapi', title: 'hapi', packages: /^@hapi\/hapi$/ },
  { id: 'trpc', title: 'tRPC', packages: /^@trpc\/server$/ },
  { id: 'adonis', title: 'AdonisJS', packages: /^@adonisjs\/core$/, isHost: true },
  { id: 'next', title: 'Next.js', packages: /^next$/, isHost: true },
  { id: 'nuxt', title: 'Nuxt', packages: /^(nuxt|nitropack|h3)$/, isHost: true },
  { id: 'sveltekit', title: 'SvelteKit', packages: /^@sveltejs\/kit$/, isHost: true },
  { id: 'remix', title: 'Remix', packages: /^(@remix-run\/|@react-router\/(node|dev|serve)$)/, isHost: true },
  { id: 'astro', title: 'Astro', packages: /^astro$/, isHost: true },
  {
    id: 'tanstack-start',
    title: 'TanStack Start',
    packages: /^@tanstack\/(react-|solid-)?start$/,
    isHost: true,
  },
  { id: 'apollo', title: 'Apollo Server', packages: /^@apollo\/server$/ },
  { id: 'yoga', title: 'GraphQL Yoga', packages: /^graphql-yoga$/ },
];

export interface Application {
  /** The dependencies of its own package.json. */
  readonly dependencies: readonly string[];
  readonly sources: ReadonlyMap<string, string>;
}

/**
 * The frameworks that an application uses: those whose values its sources import; where no source imports one, those that it
 * depends on. One that is only the ground of another (Express below NestJS) does not count beside it.
 */
export function frameworksOf({ dependencies, sources }: Application): readonly Framework[] {
  const imported = new Set(
    [...sources].flatMap(([path, text]) => (isTest(path) ? [] : importedPackages(path, text))),
  );
  const has = (names: Iterable<string>) => (framework: Framework) =>
    [...names].some((name) => framework.packages.test(name));
  const hosts = FRAMEWORKS.filter((each) => each.isHost).filter(has(dependencies));
  const inSources = FRAMEWORKS.filter(has(imported));
  const found =
    inSources.length + hosts.length > 0 ? [...inSources, ...hosts] : FRAMEWORKS.filter(has(dependencies));
  const below = new Set(found.flatMap(({ builtOn = [] }) => builtOn));
  return [...new Set(found)].filter(({ id }) => !below.has(id));
}

/** A file has to have one of these in it to import a framework at all. */
const HINT =
  /['"](@nestjs|hono|@hono|elysia|fastify|express|koa|@hapi|@trpc|@adonisjs|next|nuxt|nitropack|h3|@sveltejs|@remix-run|@react-router|astro|@tanstack|@apollo|graphql-yoga)\b/;

/** The packages that a file imports values from, by any form of import. */
function importedPackages(path: string, text: string): readonly string[] {
  if (!HINT.test(text)) return [];
  const names: string[] = [];
  const visit = (node: ts.Node): void => {
    const specifier = specifierOf(node);
    if (specifier !== undefined) names.push(packageOf(specifier));
    ts.forEachChild(node, visit);
  };
  visit(parseText(path, text));
  return names;
}

function specifierOf(node: ts.Node): string | undefined {
  if (ts.isImportDeclaration(node) && !isOfTypes(node.importClause)) return textOf(node.moduleSpecifier);
  if (ts.isExportDeclaration(node) && !node.isTypeOnly) return textOf(node.moduleSpecifier);
  if (ts.isImportEqualsDeclaration(node) && ts.isExternalModuleReference(node.moduleReference))
    return textOf(node.moduleReference.expression);
  if (!ts.isCallExpression(node)) return undefined;
  const { expression } = node;
  const isCall =
    expression.kind === ts.SyntaxKind.ImportKeyword ||
    (ts.isIdentifier(expression) && expression.text === 'require');
  return isCall ? textOf(node.arguments[0]) : undefined;
}

/** `import type { Request }`, `import { type Request }`: nothing of the package is run. */
function isOfTypes(clause: ts.ImportClause | undefined): boolean {
  if (clause === undefined) return false;
  if (clause.isTypeOnly) return true;
  const { name, namedBindings } = clause;
  return (
    name === undefined &&
    namedBindings !== undefined &&
    ts.isNamedImports(namedBindings) &&
    namedBindings.elements.length > 0 &&
    namedBindings.elements.every((element) => element.isTypeOnly)
  );
}

/** `@hono/node-server` of `@hono/node-server/serve-static`. */
function packageOf(specifier: string): string {
  const parts = specifier.split('/');
  return parts.slice(0, specifier.startsWith('@') ? 2 : 1).join('/');
}
