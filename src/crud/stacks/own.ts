import { readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { readTextIfThere } from '../../read-regular-file.ts';
import Handlebars from 'handlebars';
import { parse, YAMLParseError } from 'yaml';
import { z } from 'zod';
import { TableplanError } from '../../errors.ts';
import type { Stack, StackFile } from '../stack.ts';
import { OWN_STACKS } from '../templates.ts';

/** `tableplan/crud/<name>/stack.yaml`: what a project's own stack does otherwise than the one it extends. */
const OwnStackSchema = z.strictObject({
  extends: z.string().min(1).optional().describe('The stack it starts from; default: its own name'),
  default: z.boolean().optional().describe('Taken where no stack is named'),
  files: z
    .record(
      z.string().min(1),
      z.strictObject({ template: z.string().min(1), path: z.string().min(1).optional() }),
    )
    .optional()
    .describe('Files to add, or to make otherwise, by the name that templates import them by'),
  without: z.array(z.string().min(1)).optional().describe('Files of the other stack that are not made'),
  needs: z.array(z.string().min(1)).optional().describe('Packages that its code imports'),
});

type OwnStack = z.output<typeof OwnStackSchema>;

/**
 * The stacks that a project keeps itself. A folder without a stack.yaml holds templates that win over those of the stack of
 * its name. Throws `config-invalid` for a stack.yaml that is wrong.
 */
export async function ownStacks(root: string, known: readonly Stack[]): Promise<readonly Stack[]> {
  const folder = join(root, OWN_STACKS);
  const names = (await readdir(folder, { withFileTypes: true }).catch(() => []))
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .toSorted();
  const found = await Promise.all(
    names.map(async (name) => {
      const file = join(folder, name, 'stack.yaml');
      const text = await readTextIfThere(file);
      return text === undefined
        ? undefined
        : ownStack({ root, name, file, known }, readDescription(text, file));
    }),
  );
  return found.filter((stack) => stack !== undefined);
}

function readDescription(text: string, file: string): OwnStack {
  let data: unknown;
  try {
    data = parse(text) ?? {};
  } catch (cause) {
    // Its message quotes the lines around.
    const place = cause instanceof YAMLParseError ? cause.linePos?.[0] : undefined;
    throw new TableplanError('config-invalid', 'stack.yaml is not YAML.', {
      at: place ? { file, line: place.line, column: place.col } : { file },
      hint: 'Fix it and run the command again.',
    });
  }
  const result = OwnStackSchema.safeParse(data);
  if (result.success) return result.data;
  const [first] = result.error.issues;
  throw new TableplanError(
    'config-invalid',
    `stack.yaml: ${first?.path.join('.') || 'the file'}: ${first?.message}`,
    {
      at: { file },
      hint: 'It takes extends, default, files: {id: {template, path}}, without and needs (docs/how-to/own-stacks.md of tableplan).',
    },
  );
}

interface Place {
  readonly root: string;
  readonly name: string;
  readonly file: string;
  readonly known: readonly Stack[];
}

function ownStack({ root, name, file, known }: Place, own: OwnStack): Stack {
  const base = known.find((stack) => stack.name === (own.extends ?? name));
  if (base === undefined)
    throw new TableplanError(
      'config-invalid',
      `stack.yaml extends ${own.extends ?? name}, which is no stack.`,
      {
        at: { file },
        hint: `It may extend ${known.map((stack) => stack.name).join(', ')}.`,
      },
    );
  return {
    ...base,
    name,
    extends: base.name === name ? undefined : [base.name],
    isDefault: own.default === true,
    plan(domain, project) {
      const plan = base.plan(domain, project);
      const changed = Object.entries(own.files ?? {}).map(([id, each]): StackFile => {
        const there = plan.files.find((candidate) => candidate.id === id);
        if (each.path === undefined && there === undefined)
          throw new TableplanError('config-invalid', `stack.yaml: files.${id} has no path.`, {
            at: { file },
          });
        const path = each.path === undefined ? there!.path : resolve(root, rendered(each.path, { domain }));
        return { ...there, id, template: each.template, path };
      });
      const gone = new Set([...(own.without ?? []), ...changed.map(({ id }) => id)]);
      return {
        ...plan,
        files: [...plan.files.filter(({ id }) => !gone.has(id)), ...changed],
        needs: [...plan.needs, ...(own.needs ?? []).map((need) => ({ name: need, isDev: false }))],
      };
    },
  };
}

function rendered(path: string, view: unknown): string {
  return Handlebars.create().compile(path, { noEscape: true, strict: true })(view);
}
