import { dirname, join } from 'node:path';
import { baseOf } from '../../../../schema/path-template.ts';
import type { CrudProject } from '../../../crud-project.ts';
import type { CrudDomain, DomainNames } from '../../../domain.ts';
import { isTest } from '../../../find-database.ts';
import { commonPath } from '../layout.ts';
import { decapitalised } from '../names.ts';
import { renamed } from '../neighbours.ts';
import type { Mount } from './mounts.ts';

/** Where the files of a domain go, absolute, and what its plugin is called. */
export interface PluginLayout {
  readonly plugin: string;
  readonly service: string;
  readonly model: string;
  readonly test: string;
  /** The folder of what all domains share. */
  readonly shared: string;
  /** The plugin's constant or function: `orderItems`, `orderItemRoutes`. */
  readonly name: string;
}

/** Names that say what a file is, not whose. */
const ROLE = /^(index|routes?|router|controllers?|handlers?|plugin|module)$/;

/** The files of a domain where those of its neighbours are, else in a module of its own: `src/modules/order-items/`. */
export function pluginLayout(
  { names }: CrudDomain,
  project: CrudProject,
  neighbours: readonly Mount[],
): PluginLayout {
  const files = neighbours.map(({ declared, subject }) => ({ path: declared.place.path, subject }));
  const top = sourceFolder(project);
  const plugin = commonPath(files, names) ?? join(top, 'modules', names.plural.kebab, 'index.ts');
  const roles = { names, project, plugin, subjects: neighbours.map(({ subject }) => subject) };
  return {
    plugin,
    service: roleFile('service', /(^|[.-])services?\./i, roles),
    model: roleFile('model', /(^|[.-])(models?|dto|schemas?|validations?)\./i, roles),
    test: testPath(project, plugin, names),
    shared: join(top, sharedFolder(project, top), 'crud'),
    name: pluginName(neighbours, names),
  };
}

function sourceFolder({ root, sources }: CrudProject): string {
  return [...sources.keys()].some((path) => path.startsWith(`${root}/src/`)) ? join(root, 'src') : root;
}

interface RoleInput {
  readonly names: DomainNames;
  readonly project: CrudProject;
  readonly plugin: string;
  readonly subjects: readonly string[];
}

/** A file of a role where the neighbours have theirs, else beside the plugin: `order-items.service.ts`, or `service.ts` in a folder of its own. */
function roleFile(
  role: 'service' | 'model',
  pattern: RegExp,
  { names, project, plugin, subjects }: RoleInput,
): string {
  const known = [...project.sources].filter(
    ([path, text]) => pattern.test(baseOf(path)) && !isTest(path) && !/\bpgTable\b/.test(text),
  );
  const files = known.flatMap(([path]) => {
    const subject = subjects.find((each) => commonPath([{ path, subject: each }], names) !== undefined);
    return subject === undefined ? [] : [{ path, subject }];
  });
  const like = commonPath(files, names);
  if (like !== undefined && like !== plugin) return like;
  const stem = baseOf(plugin).replace(/\.[cm]?[jt]sx?$/, '');
  const prefix = ROLE.test(stem) ? '' : `${stem.split('.')[0]}.`;
  return join(dirname(plugin), `${prefix}${role}.ts`);
}

/** Beside the plugin, or in the folder where the project keeps all its tests. */
function testPath({ root, sources }: CrudProject, plugin: string, { plural }: DomainNames): string {
  const tests = [...sources.keys()].filter(isTest);
  const suffix = tests.some((path) => /\.spec\.[cm]?ts$/.test(path)) ? 'spec' : 'test';
  const apart = tests.find((path) => /^(tests?|__tests__)\//.test(path.slice(root.length + 1)));
  if (apart !== undefined)
    return join(root, apart.slice(root.length + 1).split('/')[0]!, `${plural.kebab}.${suffix}.ts`);
  const stem = baseOf(plugin).replace(/\.[cm]?[jt]sx?$/, '');
  return join(dirname(plugin), `${stem}.${suffix}.ts`);
}

function sharedFolder({ sources }: CrudProject, top: string): string {
  const known = ['lib', 'shared', 'common', 'utils'].find((folder) =>
    [...sources.keys()].some((path) => path.startsWith(`${top}/${folder}/`)),
  );
  return known ?? 'utils';
}

/** Called as the neighbours' plugins are: `usersController` asks for `orderItemsController`. */
function pluginName(neighbours: readonly Mount[], names: DomainNames): string {
  const like = neighbours
    .map(({ name, subject }) => renamed(name, subject, names))
    .find((name) => name !== undefined);
  return like ?? names.plural.camel;
}

/** The function that makes the routes of a plugin on a database, for the application and for tests. */
export function routesFunction(name: string): string {
  return `${decapitalised(name)}On`;
}
