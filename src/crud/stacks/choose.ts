import { TableplanError } from '../../errors.ts';
import { listed } from '../../plan/suggest.ts';
import type { CrudProject } from '../crud-project.ts';
import type { Stack } from '../stack.ts';
import { templateFolders } from '../templates.ts';
import { elysia } from './elysia.ts';
import { hono } from './hono.ts';
import { nestjs } from './nestjs.ts';
import { ownStacks } from './own.ts';

/** Those that come with tableplan; the first that fits a project is taken, the last one fits every Drizzle project. */
export const STACKS: readonly Stack[] = [nestjs, elysia, hono];
/** A stack with the folders of its templates, the first that has one winning. */
export interface ChosenStack extends Stack {
  readonly folders: readonly string[];
}

/**
 * The stack that is named, else the one that the project shows. Throws `usage` for a name that there is not, and
 * `crud-not-possible` where no stack fits the project's ORM.
 */
export async function chooseStack(project: CrudProject, name: string | undefined): Promise<ChosenStack> {
  const own = await ownStacks(project.root, STACKS);
  const all = [...own, ...STACKS.filter((stack) => !own.some((each) => each.name === stack.name))];
  const found =
    name === undefined
      ? all.find((stack) => stack.orm === project.orm && stack.fits(project))
      : all.find((stack) => stack.name === name);
  if (found === undefined) throw notFound(project, name, all);
  if (found.orm !== project.orm)
    throw new TableplanError(
      'usage',
      `The stack ${found.name} is written for ${found.orm}; this is a ${project.orm} project.`,
      {
        hint: `There are for it: ${all
          .filter(({ orm }) => orm === project.orm)
          .map((stack) => stack.name)
          .join(', ')}.`,
      },
    );
  return { ...found, folders: templateFolders(project.root, [found.name, ...(found.extends ?? [])]) };
}

function notFound(project: CrudProject, name: string | undefined, all: readonly Stack[]): TableplanError {
  const names = all.filter(({ orm }) => orm === project.orm).map((stack) => stack.name);
  if (name === undefined)
    return new TableplanError(
      'crud-not-possible',
      'The project shows no framework that tableplan writes code for.',
      {
        hint: `Name a stack with --stack: ${listed(names, 'or')}; or keep one of your own in tableplan/crud/.`,
      },
    );
  return new TableplanError('usage', `There is no stack ${name}.`, {
    hint: `There are ${listed(names, 'and')}; your own lie in tableplan/crud/<name>/stack.yaml.`,
  });
}
