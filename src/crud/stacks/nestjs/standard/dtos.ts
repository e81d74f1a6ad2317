import type { CrudProject } from '../../../crud-project.ts';
import type { CrudDomain, CrudField } from '../../../domain.ts';
import { type DecoratorImport, validateWithDecorators } from '../../../validation/class-validator.ts';
import { createInput, type DtoInput, listInput, updateInput } from '../dto-inputs.ts';
import { grouped } from '../dtos.ts';
import { valueType } from '../fields.ts';
import type { RelationKey } from '../relations.ts';
import { type Choices, choicesOf } from './choices.ts';
import { type PropertyStyle, propertyStyle } from './property-style.ts';
import { propertyDecorator, type SwaggerStyle } from './swagger.ts';

/** What the template of a DTO sees. */
export interface DtoView {
  readonly className: string;
  readonly members: readonly MemberView[];
  /** Lines of imports; `id` is a file of the stack or of the project. */
  readonly imports: readonly { readonly module: string; readonly id: string; readonly names: string }[];
  /** `import { type Product }` or `import type { Product }`, where members have types that only the entity has. */
  readonly entityImport: string;
}

interface MemberView {
  readonly key: string;
  /** `readonly `, or nothing. */
  readonly modifier: string;
  readonly mark: '' | '!' | '?';
  readonly type: string;
  readonly decorators: readonly string[];
}

/** What DTOs are written for. */
export interface DtoSetting {
  readonly domain: CrudDomain;
  readonly project: CrudProject;
  readonly relations: readonly RelationKey[];
  readonly swagger: SwaggerStyle;
  /** Members of answers are exposed one by one: nothing else gets past the application's interceptor. */
  readonly exposes: boolean;
  /** The type of a property of the entity: `Product['details']`. */
  readonly entityType: (key: string) => string;
}

interface OwnInput extends Omit<DtoInput, 'source'> {
  readonly source: DtoInput['source'] | 'answer';
}

/** A body of a request to create. */
export function createDto(setting: DtoSetting): DtoView {
  return dto(setting, createInput(setting.domain));
}

/** A body of a request to change, written out: where no `PartialType` can make it of the other. */
export function updateDto(setting: DtoSetting): DtoView {
  return dto(setting, updateInput(setting.domain));
}

/** The parameters of a list, besides those that all lists have. */
export function listDto(setting: DtoSetting): DtoView {
  return dto(setting, listInput(setting.domain));
}

/** Whether answers have a class of their own: where it documents or exposes them, or they are no rows. */
export function hasResponse({ swagger, relations, exposes }: DtoSetting): boolean {
  return swagger.properties || relations.length > 0 || exposes;
}

/** What is answered. */
export function responseDto(setting: DtoSetting): DtoView {
  const { domain } = setting;
  return dto(setting, {
    className: `${domain.names.singular.pascal}ResponseDto`,
    fields: domain.readable,
    source: 'answer',
    presence: () => 'required',
  });
}

function dto(setting: DtoSetting, { className, fields, source, presence }: OwnInput): DtoView {
  const style = propertyStyle(setting.project);
  const members = fields.map((field) =>
    memberOf(setting, { field, source, presence: presence(field), style }),
  );
  const imports: readonly DecoratorImport[] = members.flatMap((each) => each.imports);
  const of = (pick: 'module' | 'id') =>
    grouped(imports, (from) => (pick in from ? Object.values(from)[0] : undefined));
  return {
    className,
    members: members.map(({ view }) => view),
    imports: [
      ...of('module').map(([module, names]) => ({ module, id: '', names })),
      ...of('id').map(([id, names]) => ({ module: '', id, names })),
    ],
    entityImport: members.some((each) => each.usesEntity) ? entityImport(setting, imports) : '',
  };
}

/** One line for the entity and the enums of its file. */
function entityImport({ domain: { table } }: DtoSetting, imports: readonly DecoratorImport[]): string {
  if (table.isDefaultExport) return `type ${table.variable}`;
  const isShared = imports.some(({ from }) => 'id' in from && from.id === 'table');
  return isShared ? `{ type ${table.variable} }` : `type { ${table.variable} }`;
}

interface MemberInput {
  readonly field: CrudField;
  readonly source: OwnInput['source'];
  readonly presence: ReturnType<OwnInput['presence']>;
  readonly style: PropertyStyle;
}

function memberOf(setting: DtoSetting, { field, source, presence, style }: MemberInput) {
  const { domain, project, swagger } = setting;
  const choices = choicesOf(field, domain, project);
  const checks =
    source === 'answer'
      ? { decorators: [], imports: [] }
      : validateWithDecorators(field, {
          source,
          presence,
          choices: choices?.code,
          isEnum: choices?.path !== undefined,
        });
  const documented = propertyDecorator(swagger, field, {
    isOptional: presence !== 'required',
    choices: choices?.code,
  });
  const exposed = source === 'answer' && setting.exposes ? exposedBy(field) : [];
  const type = memberType(setting, field, choices?.path === undefined ? undefined : choices.code);
  const usesEnum =
    choices?.path !== undefined && [type, ...checks.decorators].some((text) => text.includes(choices.code));
  const view: MemberView = {
    key: field.key,
    modifier: style.isReadonly ? 'readonly ' : '',
    mark: presence === 'required' ? (style.hasBang ? '!' : '') : '?',
    type,
    decorators: [
      ...exposed.map(({ text }) => text),
      ...(documented === undefined ? [] : [documented.text]),
      ...checks.decorators,
    ],
  };
  return {
    view,
    usesEntity: type.startsWith(setting.entityType(field.key)),
    imports: [
      ...checks.imports,
      ...exposed.map(({ name }) => ({ from: { module: 'class-transformer' }, name })),
      ...(documented === undefined ? [] : [{ from: { module: '@nestjs/swagger' }, name: documented.name }]),
      ...(usesEnum ? [{ from: { id: enumId(setting, choices) }, name: choices.code }] : []),
    ],
  };
}

/** Objects in JSON have no class that could expose their members: they are taken as they are. */
function exposedBy({ kind }: CrudField): readonly { readonly name: string; readonly text: string }[] {
  const exposed = { name: 'Expose', text: '@Expose()' };
  const whole = {
    name: 'Transform',
    text: '@Transform(({ obj, key }: { obj: Record<string, unknown>; key: string }) => obj[key])',
  };
  return kind === 'json' ? [exposed, whole] : [exposed];
}

/** What templates import an enum by. */
function enumId({ domain: { table } }: DtoSetting, { code, path }: Choices): string {
  return path === table.path ? 'table' : `enum ${code}`;
}

const PLAIN = /^(string|number|boolean|Date)(\[\])?$/;

/** As the entity has it: what no other file can name is taken from its property. */
function memberType(
  { domain, relations, entityType }: DtoSetting,
  field: CrudField,
  enumName: string | undefined,
): string {
  const bare = field.rowType.replaceAll(/\s*\|\s*(null|undefined)\b/g, '');
  const isRelation = relations.some(({ key }) => key === field.key);
  const isNamed = PLAIN.test(bare) || bare === enumName || bare === `${enumName}[]`;
  const type = isRelation ? valueType(domain, field) : isNamed ? bare : entityType(field.key);
  return field.isNullable && (isRelation || isNamed) ? `${type} | null` : type;
}
