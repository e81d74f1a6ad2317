import { afterEach, beforeAll, expect, it } from 'vitest';
import { TableplanError } from '../../../src/errors.ts';
import { brokenByEdit } from '../../../src/orm/typeorm/broken-by-edit.ts';
import { startTypeormChild, type TypeormChild } from '../../../src/orm/typeorm/child/child.ts';
import { asShadow, type Shadow } from '../../../src/orm/typeorm/shadow.ts';
import { type PgliteEngine, startPglite } from '../../../src/postgres/engines/pglite.ts';
import { type TestProject, typeormProject } from './project.ts';

let engine: PgliteEngine;
let shadow: Shadow;
beforeAll(async () => {
  engine = await startPglite({ extensions: [] });
  shadow = asShadow(engine);
  return () => engine.close();
});

const open: { project: TestProject; child: TypeormChild }[] = [];
afterEach(async () => {
  for (const { project, child } of open.splice(0)) {
    child.stop();
    await project.remove();
  }
});

const ENTITY = `import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('notes')
export class Note {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('text')
  text!: string;
}
`;

/** What loading the project with an edited entity says. */
async function refusedWith(edited: string): Promise<unknown> {
  const project = await typeormProject('1.x', {
    'src/data-source.ts': `import { DataSource } from 'typeorm';\nimport { Note } from './note';\n\nexport const source = new DataSource({ type: 'postgres', entities: [Note] });\n`,
    'src/note.ts': ENTITY,
  });
  const child = startTypeormChild({
    root: project.root,
    repoRoot: project.root,
    dataSourcePath: project.path('src/data-source.ts'),
    preload: [],
    env: {},
    cache: undefined,
    engine: async () => shadow,
  });
  open.push({ project, child });
  return child.load({ [project.path('src/note.ts')]: edited }).then(
    () => expect.fail('it was loaded'),
    (cause: unknown) => cause,
  );
}

it.each([
  ['a type that Postgres does not have', ENTITY.replace("'text'", "'nonsense'"), /nonsense/],
  [
    'a name that nothing declares',
    ENTITY.replace("@Column('text')", '@Column(missing)'),
    /missing is not defined/,
  ],
  ['an entity without a key', ENTITY.replace("@PrimaryColumn('uuid')", "@Column('uuid')"), /primary column/i],
])('entities that TypeORM cannot load are an error of the edit: %s', async (_, edited, said) => {
  const cause = await refusedWith(edited);
  const error = brokenByEdit(cause);
  expect(cause).toMatchObject({ code: 'config-invalid' });
  expect(error).toBeInstanceOf(TableplanError);
  expect(error).toMatchObject({
    code: 'generate-failed',
    message: expect.stringMatching(/^TypeORM cannot load the edited entities: /),
    hint: expect.stringContaining('Nothing was written.'),
    cause,
  });
  expect((error as TableplanError).message + ((error as TableplanError).frame ?? '')).toMatch(said);
});

it('any other error stays what it is', () => {
  const others = [new Error('connect ECONNREFUSED'), new TableplanError('history-broken', 'x'), 'text'];
  for (const other of others) expect(brokenByEdit(other)).toBe(other);
});
