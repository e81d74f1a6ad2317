import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { makeTree } from '../workspace/tree.ts';

const cli = (...args: string[]): string =>
  execFileSync(process.execPath, ['--import', 'tsx', 'src/cli.ts', ...args], { encoding: 'utf8' });

let root: string;
beforeAll(() => {
  root = makeTree({ 'plan one.yaml': '', 'plans/a.yaml': '', '.git/HEAD': '' });
  mkdirSync(join(root, 'packages'));
  for (const shell of ['bash', 'zsh', 'fish'])
    writeFileSync(join(root, `.${shell}`), cli('completion', shell));
});

/** What bash proposes for the last word. */
function proposed(...words: string[]): string[] {
  const script = `source ./.bash
complete -p tableplan >/dev/null || exit 9
COMP_WORDS=(tableplan "$@"); COMP_CWORD=$#
_tableplan
printf '%s\\n' "\${COMPREPLY[@]}"`;
  const out = execFileSync('bash', ['--norc', '-uc', script, 'bash', ...words], {
    cwd: root,
    encoding: 'utf8',
  });
  return out.split('\n').filter((line) => line !== '');
}

describe('in bash', () => {
  it.each([
    [['re'], ['rehearse', 'review']],
    [['--v'], ['--version']],
    [
      ['review', '--fail-on', ''],
      ['error', 'warning', 'info'],
    ],
    [['review', '--fail-on', '=', 'w'], ['warning']],
    [
      ['review', '--fail-on', '='],
      ['error', 'warning', 'info'],
    ],
    [
      ['explain', 'drop-colu'],
      ['drop-column', 'drop-column-with-index'],
    ],
    [
      ['completion', ''],
      ['bash', 'zsh', 'fish'],
    ],
    [['migration', 'plan '], ['plan one.yaml']],
    [['migration', '--diff', 'plans/'], ['plans/a.yaml']],
    [
      ['docs', '--cwd', 'p'],
      ['plans', 'packages'],
    ],
    [['migration', '--resume', '--dif'], ['--diff']],
    [['migration', '--name', ''], []],
    [['docs', ''], []],
  ])('tableplan %j: %j', (words, expected) => {
    expect(proposed(...words).toSorted()).toEqual(expected.toSorted());
  });

  it('has every command, and every option of its help', () => {
    const commands = [...cli('--help').matchAll(/^ {2}([a-z]+) /gm)].map(([, name]) => name!);
    expect(proposed('')).toEqual(expect.arrayContaining(commands.filter((name) => name !== 'help')));
    for (const command of [
      'migration',
      'crud',
      'undo',
      'rehearse',
      'review',
      'docs',
      'explain',
      'init',
      'completion',
    ]) {
      const flags = [...cli(command, '--help').matchAll(/^ {2}(?:-\w, )?(--[a-z-]+)/gm)].map(
        ([, flag]) => flag!,
      );
      expect(proposed(command, '--').toSorted(), command).toEqual(flags.toSorted());
    }
  });
});

const has = (shell: string): boolean => spawnSync(shell, ['--version']).error === undefined;

it.skipIf(!has('zsh'))('zsh reads its script (skipped where zsh is not installed)', () => {
  const script = 'autoload -U compinit; compinit -u -D; source ./.zsh; print ${_comps[tableplan]}';
  expect(execFileSync('zsh', ['-fc', script], { cwd: root, encoding: 'utf8' })).toBe('_tableplan\n');
});

it.skipIf(!has('fish'))('fish completes with its script (skipped where fish is not installed)', () => {
  const complete = (line: string): string[] =>
    execFileSync('fish', ['--no-config', '-c', `source ./.fish; complete -C '${line}'`], {
      cwd: root,
      encoding: 'utf8',
    })
      .trim()
      .split('\n')
      .map((each) => each.split('\t')[0]!);
  expect(complete('tableplan re')).toEqual(['rehearse', 'review']);
  expect(complete('tableplan review --fail-on ')).toEqual(['error', 'info', 'warning']);
  expect(complete('tableplan docs --che')).toEqual(['--check']);
});
