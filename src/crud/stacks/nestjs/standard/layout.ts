import { posix } from 'node:path';
import { pluralName, singularName } from '../../../../schema/word-names.ts';
import { toSnakeCase } from '../../../../plan/migration-name.ts';
import type { CrudProject } from '../../../crud-project.ts';
import type { CrudDomain, NameForms } from '../../../domain.ts';
import { modulesFolder, sharedFolder } from '../layout.ts';
import { mostOf, type NeighbourModule, neighbourModules } from '../neighbours.ts';

/** What the files and classes of a domain are called, and where the files go; paths are absolute. */
export interface StandardLayout {
  /** The domain as the module's files and classes have it: `products` or `product`. */
  readonly base: NameForms;
  readonly module: string;
  readonly controller: string;
  readonly service: string;
  readonly test: string;
  readonly shared: string;
  /** The path of a DTO: `create-product` becomes `dto/create-product.dto.ts`. */
  dto(name: string): string;
}

/**
 * As most neighbours are laid out: named by the plural or the singular, words joined by `-` or `_` or not at all, controllers
 * and DTOs beside the module or in folders of their own. Without neighbours, as `nest g resource` makes them.
 */
export function standardLayout({ names }: CrudDomain, project: CrudProject): StandardLayout {
  const modules = neighbourModules(project).filter(({ name }) => name !== names.plural.kebab);
  const base = isSingular(modules) ? names.singular : names.plural;
  const form = wordForm(modules);
  const folder = posix.join(modulesFolder(project), base[form]);
  const inFolder = (kind: RegExp, fallback: string, file: string): string =>
    posix.join(folder, folderOf(modules, kind) ?? fallback, file);
  const file = (suffix: string): string => `${base[form]}.${suffix}.ts`;
  return {
    base,
    module: posix.join(folder, file('module')),
    controller: inFolder(/\.controller\.ts$/, '', file('controller')),
    service: inFolder(/\.service\.ts$/, '', file('service')),
    test: inFolder(
      /\.controller\.(spec|test)\.ts$/,
      folderOf(modules, /\.controller\.ts$/) ?? '',
      file(`controller.${testSuffix(project)}`),
    ),
    shared: sharedFolder(project),
    dto: (name) => inFolder(/\.dto\.ts$/, 'dto', `${form === 'kebab' ? name : toSnakeCase(name)}.dto.ts`),
  };
}

/** Words without a plural of their own (news) show nothing. */
function isSingular(modules: readonly NeighbourModule[]): boolean {
  const numbers = modules.flatMap(({ name }) => {
    const word = toSnakeCase(name);
    if (pluralName(word) === singularName(word)) return [];
    return [pluralName(word) === word ? 'plural' : 'singular'];
  });
  return mostOf(numbers) === 'singular';
}

function wordForm(modules: readonly NeighbourModule[]): 'kebab' | 'snake' | 'camel' {
  const forms = modules.flatMap(({ name }): readonly ('kebab' | 'snake' | 'camel')[] =>
    name.includes('-')
      ? ['kebab']
      : name.includes('_')
        ? ['snake']
        : /[a-z][A-Z]/.test(name)
          ? ['camel']
          : [],
  );
  return mostOf(forms) ?? 'kebab';
}

/** Where in their module's folder most files of a kind lie; '' is beside the module. */
function folderOf(modules: readonly NeighbourModule[], kind: RegExp): string | undefined {
  const folders = modules.flatMap(({ files }) =>
    files.filter((file) => kind.test(file)).map((file) => posix.dirname(file).replace(/^\.$/, '')),
  );
  return mostOf(folders);
}

/** `spec`, as Nest has it, unless more of the project's tests are called `test`. */
function testSuffix({ sources }: CrudProject): string {
  const names = [...sources.keys()];
  const count = (suffix: RegExp): number => names.filter((name) => suffix.test(name)).length;
  return count(/\.test\.ts$/) > count(/spec\.ts$/) ? 'test' : 'spec';
}
