import { join } from 'node:path';
import { expect, it } from 'vitest';
import { all, codesOf, type CommandName, EVERY_COMMAND } from './every-command.ts';
import { type Orm, ORMS } from './repository.ts';
import { unharmedBy } from './unharmed.ts';

const DRIZZLE = 'src/external/drizzle';
const MIGRATIONS = `${DRIZZLE}/migrations`;
const RECORD = 'docs/migrations/migration-0001-create-orders.md';
const ENTITY = 'src/entities/product.entity.ts';
const MIGRATION = 'src/migrations/1700000000000-CreateShop.ts';
/** A file of the victim. */
const NOTES = 'x/notes.txt';

/** Links of a repository, as path to what of the victim, and what commands come to that would follow them. */
const LINKS: readonly (readonly [
  what: string,
  orm: Orm,
  links: Record<string, string>,
  codes: Record<string, string>,
])[] = [
  [
    'the folder of caches',
    'drizzle',
    { 'node_modules/.cache': '.cache' },
    { 'review --all': 'ok', rehearse: 'ok', 'migration words': 'ok' },
  ],
  [
    'its own caches',
    'typeorm',
    { 'node_modules/.cache/tableplan': '.cache/tableplan' },
    { 'review --all': 'ok', rehearse: 'ok' },
  ],
  [
    'a schema file',
    'drizzle',
    { [`${DRIZZLE}/users/user.schema.ts`]: NOTES },
    refused('docs --check', 'migration words --dry-run', 'migration plan.yaml', 'crud table --dry-run'),
  ],
  [
    'an entity',
    'typeorm',
    { [ENTITY]: NOTES },
    {
      ...all('config-invalid', 'docs --check', 'rehearse', 'migration words', 'crud table'),
      'review --all': 'ok',
    },
  ],
  [
    'the folder of the documents',
    'drizzle',
    { docs: '' },
    all('file-not-writable', 'docs --check', 'docs', 'migration words'),
  ],
  ['the guide', 'typeorm', { 'docs/migrations/GUIDE.md': NOTES }, refused('docs --check', 'docs')],
  [
    'a record',
    'drizzle',
    { [RECORD]: NOTES },
    { ...refused('docs --check', 'rehearse'), 'migration words': 'ok' },
  ],
  [
    'the folder of the migrations',
    'drizzle',
    { [MIGRATIONS]: '' },
    all('config-invalid', 'review --all', 'rehearse', 'docs --check', 'migration words', 'crud table'),
  ],
  [
    'a migration',
    'drizzle',
    { [`${MIGRATIONS}/0001_create_orders.sql`]: NOTES },
    refused('review --all', 'rehearse'),
  ],
  [
    'a migration',
    'typeorm',
    { [MIGRATION]: NOTES },
    { ...refused('review --all'), ...all('config-invalid', 'rehearse', 'migration words') },
  ],
  [
    'the journal',
    'drizzle',
    { [`${MIGRATIONS}/meta/_journal.json`]: 'conf.json' },
    refused('review --all', 'rehearse', 'docs --check', 'migration words'),
  ],
  [
    'a snapshot',
    'drizzle',
    { [`${MIGRATIONS}/meta/0001_snapshot.json`]: 'conf.json' },
    refused('review --all', 'rehearse', 'docs --check', 'migration words'),
  ],
  ['package.json', 'drizzle', { 'package.json': 'conf.json' }, refused(...EVERY_COMMAND)],
  ['package.json', 'typeorm', { 'package.json': 'conf.json' }, refused(...EVERY_COMMAND)],
  [
    'the config',
    'drizzle',
    { 'drizzle.config.ts': NOTES },
    refused('review --all', 'rehearse', 'docs --check', 'migration words', 'crud table'),
  ],
  [
    'the data source',
    'typeorm',
    { 'src/data-source.ts': NOTES },
    refused('review --all', 'rehearse', 'docs --check', 'migration words', 'crud table'),
  ],
  [
    'tsconfig.json and the config of the formatter',
    'typeorm',
    { 'tsconfig.json': NOTES, '.prettierrc.json': NOTES },
    all('ok', 'review --all', 'docs --check', 'migration words'),
  ],
  [
    'the templates of the project',
    'drizzle',
    { 'tableplan/record/migration.md.hbs': NOTES, 'tableplan/crud/hono/stack.yaml': NOTES },
    refused('migration words', 'crud table'),
  ],
  ['the plan', 'typeorm', { 'plans/brands.yaml': NOTES }, refused('migration plan.yaml')],
  ['the plopfile', 'drizzle', { 'plopfile.mjs': NOTES }, refused('init --dry-run', 'init')],
];

function refused(...commands: readonly CommandName[]): Record<string, string> {
  return all('file-not-readable', ...commands);
}

it.each(ORMS)('a link for tableplan’s own folder leads nowhere (%s)', async (orm) => {
  const free: CommandName[] = ['review --all', 'rehearse', 'rehearse --fresh'];
  const others = EVERY_COMMAND.filter((command) => !free.includes(command));
  const came = await unharmedBy(orm, ({ link }, victim) => link('.tableplan', victim), others);
  expect(codesOf(came)).toEqual(all('file-not-writable', ...others));
});

it.each(LINKS)('a link for %s leads nowhere (%s)', async (_, orm, links, codes) => {
  const came = await unharmedBy(
    orm,
    ({ link }, victim) => {
      for (const [path, to] of Object.entries(links)) link(path, join(victim, to));
    },
    Object.keys(codes) as CommandName[],
  );
  expect(codesOf(came)).toEqual(codes);
});
