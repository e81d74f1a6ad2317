import type { NodePlopAPI } from 'plop';
import { format, resolveConfig } from 'prettier';
import tableplan from './src/plop.ts';

/**
 * `npx plop migration` in this repository works on the bundled example. `npx plop rule | stack | change | orm` start a
 * contribution: the files, the lines in the lists that name them, and a test; the compiler and the tests then name what is
 * still to be written.
 */
export default (plop: NodePlopAPI): void => {
  tableplan(plop, { cwd: 'examples/drizzle-shop' });
  plop.setHelper('quoted', (text: string) => text.replaceAll(/['\\]/g, String.raw`\$&`));

  plop.setGenerator('rule', {
    description: 'A rule of the reviewer',
    prompts: [
      ask('name', 'Name of the rule (drop-view):', KEBAB),
      ask('id', 'Its id, free in src/review/rules (TBL-20):', /^[A-Z]{2,4}-\d{2}$/),
      choose('severity', ['error', 'warning', 'info']),
      ask('reason', 'Why it matters, in one sentence:', /^[A-Z].*\.$/),
    ],
    actions: [
      add('src/review/rules/{{name}}.ts', 'rule.ts'),
      change('src/review/rules/index.ts', (text, { name }) => {
        const id = camel(name);
        const withImport = sortedInto(
          text,
          /^import \{ .* \} from '\.\/.*';$/gm,
          `import { ${id} } from './${name}.ts';`,
        );
        return withImport.replace(/\n\];\s*$/, `\n  ${id},\n];\n`);
      }),
      change('src/review/rule-names.ts', (text, { name }) => {
        const start = text.indexOf('const REVIEWED = [');
        const end = text.indexOf('] as const;', start);
        const list = sortedInto(text.slice(start, end), /^ {2}'.*',$/gm, `  '${name}',`);
        return text.slice(0, start) + list + text.slice(end);
      }),
      'Next: its bad and good SQL and its check, then: npx vitest run --project unit test/review/rules.test.ts && npx vitest run --project unit test/reference -u',
    ],
  });

  plop.setGenerator('stack', {
    description: 'A framework for tableplan crud',
    prompts: [
      ask('name', 'Name of the stack (koa):', KEBAB),
      ask('title', 'The framework as its documentation writes it (Koa):', /\S/),
      ask('framework', 'Its id in src/crud/frameworks.ts (koa):', KEBAB),
    ],
    actions: [
      add('src/crud/stacks/{{name}}.ts', 'stack.ts'),
      add('templates/crud/{{name}}/routes.ts.hbs', 'stack-routes.ts'),
      add('test/crud/stacks/{{name}}.test.ts', 'stack.test.ts'),
      change('src/crud/stacks/choose.ts', (text, { name }) =>
        listed(text, 'STACKS', camel(name), `import { ${camel(name)} } from './${name}.ts';`),
      ),
      'Next: plan() and the templates, a shape in test/projects/crud, and docs/reference/crud.md.',
    ],
  });

  plop.setGenerator('change', {
    description: 'A kind of change of the schema',
    prompts: [ask('name', 'Name of the kind (rename-index):', KEBAB)],
    actions: [
      change('src/plan/change.ts', (text, { name }) =>
        text.replace(
          'export type Change =\n',
          `export type Change =\n  | { readonly kind: '${name}'; readonly table: ObjectName }\n`,
        ),
      ),
      'Next: npx tsc -p . names every place that has to know it: its words, its DDL, what it makes of the schema, both editors, what it explains.',
    ],
  });

  plop.setGenerator('orm', {
    description: 'An ORM',
    prompts: [
      ask('name', 'Name of the ORM in code (kysely):', /^[a-z]+$/),
      ask('title', 'As its documentation writes it (Kysely):', /\S/),
    ],
    actions: [
      add('src/orm/{{name}}/orm.ts', 'orm.ts'),
      add('test/orm/{{name}}/orm.test.ts', 'orm.test.ts'),
      change('src/orm/orm.ts', (text, { name }) =>
        text.replace(/(export type OrmName = [^;]*);/, `$1 | '${name}';`),
      ),
      change('src/orm/orms.ts', (text, { name }) =>
        listed(text, 'ORMS', name.toUpperCase(), `import { ${name.toUpperCase()} } from './${name}/orm.ts';`),
      ),
      'Next: npx tsc -p . names the words that are missing; a located project is started and opened as in src/orm/drizzle/orm.ts.',
    ],
  });
};

interface Answers {
  readonly name: string;
}

const KEBAB = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

function ask(name: string, message: string, form: RegExp) {
  return {
    type: 'input',
    name,
    message,
    validate: (text: string) => form.test(text) || `It has the form ${form.source}`,
  };
}

function choose(name: string, choices: string[]) {
  return { type: 'list', name, message: `${name}:`, choices };
}

function add(path: string, template: string) {
  const templateFile = `templates/contribute/${template}.hbs`;
  return { type: 'add', path, templateFile, ...(path.endsWith('.ts') && { transform: formatted }) };
}

async function formatted(text: string): Promise<string> {
  return format(text, { ...(await resolveConfig('plopfile.ts')), parser: 'typescript' });
}

function change(path: string, edit: (text: string, answers: Answers) => string) {
  return {
    type: 'modify',
    path,
    transform(text: string, answers: Answers) {
      const edited = edit(text, answers);
      if (edited === text)
        throw new Error(`${path} has no place for it any more: plopfile.ts is to follow it`);
      return edited;
    },
  };
}

function camel(name: string): string {
  return name.replaceAll(/-(.)/g, (_, letter: string) => letter.toUpperCase());
}

/** A line among the lines of a form, before the first that comes after it in the alphabet. */
function sortedInto(text: string, form: RegExp, line: string): string {
  const lines = [...text.matchAll(form)];
  const next = lines.find(([found]) => found > line);
  const last = lines.at(-1)!;
  const at = next?.index ?? last.index + last[0].length + 1;
  return `${text.slice(0, at)}${line}\n${text.slice(at)}`;
}

/** A module with its import, and its name at the end of a list. */
function listed(text: string, list: string, name: string, line: string): string {
  const named = text.replace(
    new RegExp(String.raw`(export const ${list}\b[^=]*= \[[^\]]*?),?\s*\]`),
    `$1, ${name}]`,
  );
  return sortedInto(named, /^import .* from '\.\/.*';$/gm, line);
}
