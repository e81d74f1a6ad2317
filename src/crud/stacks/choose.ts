import { TableplanError } from '../../errors.ts';
import { listed } from '../../plan/suggest.ts';
import type { CrudProject } from '../crud-project.ts';
import type { Stack } from '../stack.ts';
import { OWN_STACKS, templateFolders } from '../templates.ts';
import { elysia } from './elysia.ts';
import { express } from './express.ts';
import { fastify } from './fastify.ts';
import { hono } from './hono.ts';
import { nestjs } from './nestjs.ts';
import { nestjsDrizzle } from './nestjs-drizzle.ts';
import { next } from './next.ts';
import { ownStacks } from './own.ts';

/** Those that come with tableplan. */
export const STACKS: readonly Stack[] = [nestjs, nestjsDrizzle, elysia, hono, fastify, express, next];
/** A stack with the folders of its templates, the first that has one winning. */
export interface ChosenStack extends Stack {
  readonly folders: readonly string[];
}

/** Asks a person which of several stacks is meant; gives its name. */
export type AskStack = (question: string, names: readonly string[]) => Promise<string>;

export interface StackWishes {
  /** The stack by its name. */
  readonly name: string | undefined;
  /** Undefined where nobody can be asked. */
  readonly ask: AskStack | undefined;
}

/**
 * The stack that is named, else the project's own default, else the one for the framework that the application uses. Where it
 * uses several, a person is asked. Throws `usage` for a name that there is not, or that is for the other ORM, and
 * `answer-needed` where the application uses no framework that has a stack, or several and nobody can be asked: nothing is
 * guessed.
 */
export async function chooseStack(project: CrudProject, { name, ask }: StackWishes): Promise<ChosenStack> {
  const { root } = project.location;
  const own = await ownStacks(root, STACKS);
  const all = [...own, ...STACKS.filter((stack) => !own.some((each) => each.name === stack.name))];
  const found = name === undefined ? await shownStack(project, all, ask) : namedStack(project, all, name);
  const { extends: others = [], shares = [] } = found;
  const first = others.length > 0 ? [found.name] : [];
  const names = [...first, ...(found.templates?.(project) ?? [found.name]), ...others, ...shares];
  return { ...found, folders: templateFolders(root, [...new Set(names)]) };
}

/** The frameworks, by their id, that stacks of an ORM write for; where one of tableplan's own is named, its only. */
export function writableFrameworks(orm: Stack['orm'], name: string | undefined): ReadonlySet<string> {
  const ofOrm = STACKS.filter((stack) => stack.orm === orm);
  const named = ofOrm.filter((stack) => stack.name === name);
  return new Set((named.length > 0 ? named : ofOrm).map(({ framework }) => framework));
}

function namedStack({ orm }: CrudProject, all: readonly Stack[], name: string): Stack {
  const found = all.find((stack) => stack.name === name);
  const names = all.filter((stack) => stack.orm === orm).map((stack) => stack.name);
  if (found === undefined)
    throw new TableplanError('usage', `There is no stack ${name}.`, {
      hint: `There are ${listed(names, 'and')}; your own lie in ${OWN_STACKS}/<name>/stack.yaml.`,
    });
  if (found.orm !== orm)
    throw new TableplanError(
      'usage',
      `The stack ${name} is written for ${found.orm}; this is a ${orm} project.`,
      { hint: `There are for it: ${names.join(', ')}.` },
    );
  return found;
}

async function shownStack(
  project: CrudProject,
  all: readonly Stack[],
  ask: AskStack | undefined,
): Promise<Stack> {
  const ofOrm = all.filter(({ orm }) => orm === project.orm);
  const byDefault = ofOrm.find(({ isDefault }) => isDefault);
  if (byDefault !== undefined) return byDefault;
  const { frameworks } = project;
  const fitting = ofOrm.filter(
    (stack) =>
      frameworks.some(({ id }) => id === stack.framework) &&
      stack.lacks?.(project) === undefined &&
      // One that extends another is taken by its name, or as the default.
      stack.extends === undefined,
  );
  const [only] = fitting;
  if (only !== undefined && frameworks.length === 1) return only;
  const uses = `The application uses ${listed(
    frameworks.map(({ title }) => title),
    'and',
  )}`;
  if (only !== undefined && ask !== undefined) {
    const name = await ask(`${uses}. Which one are the routes for?`, names(fitting));
    return fitting.find((stack) => stack.name === name) ?? only;
  }
  throw notShown(project, { ofOrm, fitting, uses });
}

interface Shown {
  readonly ofOrm: readonly Stack[];
  readonly fitting: readonly Stack[];
  readonly uses: string;
}

function notShown(project: CrudProject, { ofOrm, fitting, uses }: Shown): TableplanError {
  const { frameworks, orm } = project;
  const offered = fitting.length > 0 ? fitting : ofOrm;
  const ORM = orm === 'drizzle' ? 'Drizzle' : 'TypeORM';
  const lacking = ofOrm.flatMap((stack) => {
    const lack = frameworks.some(({ id }) => id === stack.framework) ? stack.lacks?.(project) : undefined;
    return lack === undefined ? [] : [`The stack ${stack.name} needs ${lack}.`];
  });
  const message =
    frameworks.length === 0
      ? 'No source of the application imports a web framework that tableplan knows.'
      : fitting.length > 0
        ? `${uses}, so it does not show which stack is meant.`
        : [`${uses}, and tableplan has no stack for that on ${ORM}.`, ...lacking].join(' ');
  return new TableplanError('answer-needed', message, {
    hint: `Nothing was written. Stacks for ${ORM}: ${listed(names(ofOrm), 'and')}. To add your own, put templates and a stack.yaml into ${OWN_STACKS}/<name>/ (docs/how-to/own-stacks.md of tableplan); \`tableplan migration\` makes the table without code.`,
    missing: [
      {
        field: 'stack',
        question: 'Which stack should the code be written for?',
        supply: names(offered)
          .map((name) => `--stack ${name}`)
          .join(' | '),
      },
    ],
  });
}

function names(stacks: readonly Stack[]): readonly string[] {
  return stacks.map(({ name }) => name);
}
