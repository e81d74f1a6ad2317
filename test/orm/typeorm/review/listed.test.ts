import { expect, it } from 'vitest';
import { namedIn } from '../../../../src/orm/typeorm/review/listed.ts';

it('migrations are listed by the text of their files', () => {
  const text = `
abstract class Base { async up() {} }
export class A1700000000000 implements MigrationInterface {
  async up(q) { for (const name = 'x';;) await q.query(name); }
}
export class Other { name = 'B1700000000001'; up = async () => {}; }
export class Later1700000000003 extends Base {}
export class Helper1700000000002 { run() {} }
`;
  expect(namedIn(text)).toEqual([
    { name: 'A1700000000000', className: 'A1700000000000' },
    { name: 'B1700000000001', className: 'Other' },
    { name: 'Later1700000000003', className: 'Later1700000000003' },
  ]);
});
