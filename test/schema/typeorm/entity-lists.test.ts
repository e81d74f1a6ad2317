import { describe, expect, it } from 'vitest';
import { parseFile } from '../../../src/schema/parse.ts';
import { entityListsIn } from '../../../src/schema/typeorm/entity-lists.ts';

const IMPORTS = `import { User } from './user';\nimport { Post as Article } from './post';\nimport { Tag } from './tag';\nimport * as more from './more';\n`;

/** The lists of a source that hold User or Post, as they are written. */
function listsOf(body: string) {
  const text = IMPORTS + body;
  const file = parseFile('/p/src/a.ts', text, () => undefined);
  return entityListsIn(file, new Set(['User', 'Post'])).map(({ span, ...list }) => ({
    text: text.slice(span.start, span.end),
    kind: list.kind,
    isObject: list.isObject,
    items: list.items,
    spread: list.spread,
  }));
}

describe('lists that are spread into others', () => {
  it('are known by what they hold, and the list by what stands in it', () => {
    expect(listsOf(`const core = [User, Tag];\nnew DataSource({ entities: [...core, Article] });\n`)).toEqual(
      [
        {
          text: '[...core, Article]',
          kind: 'entities',
          isObject: false,
          items: [undefined, 'Post'],
          spread: ['User', 'Tag'],
        },
      ],
    );
  });

  it('in several, one after the other', () => {
    const lists = listsOf(
      `const people = [User];\nconst texts = { Article };\nexport const entities = [...people, ...Object.values(texts), Tag, User];\n`,
    );
    expect(lists).toHaveLength(1);
    expect(lists[0]).toMatchObject({
      text: '[...people, ...Object.values(texts), Tag, User]',
      items: [undefined, undefined, 'Tag', 'User'],
      spread: ['User'],
    });
  });

  it('as an object of entities', () => {
    const lists = listsOf(`const shared = { User };\nexport const models = { ...shared, Article };\n`);
    expect(lists).toEqual([
      {
        text: '{ ...shared, Article }',
        kind: 'constant',
        isObject: true,
        items: [undefined, 'Post'],
        spread: ['User'],
      },
    ]);
  });

  it('with as const and satisfies around them', () => {
    const lists = listsOf(
      `const core = [User] as const;\nnew DataSource({ entities: [...core, Article] satisfies unknown[] });\n`,
    );
    expect(lists.at(-1)).toMatchObject({ kind: 'entities', spread: ['User'] });
  });

  it('from another file hold nothing that is known', () => {
    const [list] = listsOf(`import { core } from './core';\nexport const entities = [...core, User];\n`);
    expect(list).toMatchObject({ items: [undefined, 'User'], spread: [] });
  });

  it('a list of spreads alone holds no entity of its own, and is none of those', () => {
    const lists = listsOf(
      `export const entityList = [User];\nnew DataSource({ entities: [...entityList] });\n`,
    );
    expect(lists.map(({ text }) => text)).toEqual(['[User]']);
  });
});

describe('lists without spreads', () => {
  it.each<[string, string, string, string]>([
    ['of a data source', 'new DataSource({ entities: [User] });', '[User]', 'entities'],
    ['held by a variable', 'const list = [User];\nnew DataSource({ entities: list });', '[User]', 'entities'],
    ['of a Nest module', 'TypeOrmModule.forFeature([User, Article]);', '[User, Article]', 'feature'],
    ['that a function returns', 'function getEntities() { return [User]; }', '[User]', 'constant'],
    [
      'that a called function returns',
      'const all = () => [User];\nnew DataSource({ entities: all() });',
      '[User]',
      'constant',
    ],
    ['that are exported by name', 'export { User, Article };', '{ User, Article }', 'constant'],
    ['through a namespace', 'export const models = [more.User];', '[more.User]', 'constant'],
  ])('%s', (_, body, text, kind) => {
    expect(listsOf(body)).toMatchObject([{ text, kind, spread: [] }]);
  });

  it.each([
    ['of other classes', 'export const entities = [Tag];'],
    ['under a name that says nothing', 'export const buttons = [User];'],
    ['of globs', `new DataSource({ entities: ['src/**/*.entity.ts'] });`],
  ])('%s are none', (_, body) => {
    expect(listsOf(body)).toEqual([]);
  });
});
