import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { migration } from '../commands/typeorm-project.ts';
import { all, codesOf, type CommandName } from './every-command.ts';
import { type Hostile, type Orm, ORMS } from './repository.ts';
import { unharmedBy } from './unharmed.ts';

/** The settings of the repository, with a limit that a test can wait for. */
function limit({ root, put }: Hostile, timeout: string): void {
  const json = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as object;
  put({ 'package.json': JSON.stringify({ ...json, tableplan: { timeout } }) });
}

const CONFIG: Readonly<Record<Orm, string>> = { drizzle: 'drizzle.config.ts', typeorm: 'src/data-source.ts' };

/** Puts code into the config or the data source, none of which says in plain words where the migrations are. */
function inConfig({ root, orm, put }: Hostile, code: string): void {
  const text = readFileSync(join(root, CONFIG[orm]), 'utf8')
    .replace("out: './src", "out: './' + 'src")
    .replace('migrations: [', 'migrations: [...[], ');
  put({ [CONFIG[orm]]: `${text}\n${code}\n` });
}

describe.each(ORMS)('a repository with %s whose config', (orm) => {
  it('never ends stops at the limit, whichever command runs it', async () => {
    const free: CommandName[] = ['init --dry-run', 'undo --list', 'init'];
    const stopped: CommandName[] = [
      'review --all',
      'docs --check',
      'rehearse',
      'migration words --dry-run',
      'crud table --dry-run',
      'migration words',
      'docs',
    ];
    const came = await unharmedBy(
      orm,
      (hostile) => {
        limit(hostile, '500ms');
        inConfig(hostile, 'while (true);');
      },
      [...free, ...stopped, 'undo'],
    );
    expect(codesOf(came)).toEqual({
      // What is undone is `init`.
      ...all('ok', ...free, 'undo'),
      ...all('limit-exceeded', ...stopped),
    });
  });

  it('prints for ever fills no memory', async () => {
    const came = await unharmedBy(
      orm,
      (hostile) => {
        limit(hostile, '3s');
        inConfig(
          hostile,
          "while (true) try { require('node:fs').writeSync(2, 'x'.repeat(65536)); } catch {}",
        );
      },
      ['docs --check'],
    );
    expect(codesOf(came)).toEqual({ 'docs --check': 'limit-exceeded' });
    expect(came['docs --check']?.said.length).toBeLessThan(10_000);
  });
});

/** Ways in which a migration of TypeORM never ends. */
const ENDLESS = {
  'a loop in its code': 'while (true);',
  'a promise that nobody keeps': 'await new Promise(() => setInterval(() => undefined, 1000));',
  'a statement': "await queryRunner.query('SELECT pg_sleep(1e9)');",
};

describe('a history with TypeORM that never ends', () => {
  it.each(Object.entries(ENDLESS))('stops at the limit, and is named: %s', async (_, code) => {
    const came = await unharmedBy(
      'typeorm',
      (hostile) => {
        limit(hostile, '8s');
        hostile.put({
          'src/migrations/1800000000000-Endless.ts': migration('Endless1800000000000', code),
          'src/migrations/1900000000000-Next.ts': migration(
            'Next1900000000000',
            "await queryRunner.query('SELECT 1');",
          ),
        });
      },
      ['rehearse'],
    );
    expect(came.rehearse).toMatchObject({
      code: 'limit-exceeded',
      said: expect.stringContaining(
        'The migration Endless1800000000000 did not end within 8 seconds',
      ) as string,
    });
  });

  it('stops every command that replays it', async () => {
    const stopped: CommandName[] = ['docs --check', 'migration words', 'crud table --dry-run'];
    const came = await unharmedBy(
      'typeorm',
      (hostile) => {
        limit(hostile, '3s');
        const endless = migration('Endless1800000000000', ENDLESS['a loop in its code']);
        hostile.put({ 'src/migrations/1800000000000-Endless.ts': endless });
      },
      [...stopped, 'review --all'],
    );
    expect(codesOf(came)).toEqual({ ...all('limit-exceeded', ...stopped), 'review --all': 'ok' });
  });
});
