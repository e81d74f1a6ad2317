import type { AlterObjectSchemaStmt, DropOwnedStmt, DropStmt, Node, RenameStmt } from 'libpg-query';
import type { ObjectKind, Operation, TableRef } from './operation.ts';
import { strings } from '../postgres/nodes.ts';
import { qualified, tableRef } from './read-parts.ts';

/** The parser's names; what is not among them, no rule is about. */
const OBJECTS: Readonly<Record<string, ObjectKind>> = {
  OBJECT_VIEW: 'view',
  OBJECT_MATVIEW: 'materialized view',
  OBJECT_FOREIGN_TABLE: 'foreign table',
  OBJECT_SEQUENCE: 'sequence',
  OBJECT_TYPE: 'type',
  OBJECT_DOMAIN: 'domain',
  OBJECT_FUNCTION: 'function',
  OBJECT_PROCEDURE: 'procedure',
  OBJECT_ROUTINE: 'function',
  OBJECT_AGGREGATE: 'aggregate',
  OBJECT_OPERATOR: 'operator',
  OBJECT_CAST: 'cast',
  OBJECT_COLLATION: 'collation',
  OBJECT_LANGUAGE: 'language',
  OBJECT_FOREIGN_SERVER: 'server',
  OBJECT_FDW: 'foreign data wrapper',
  OBJECT_EXTENSION: 'extension',
  OBJECT_ROLE: 'role',
  OBJECT_DATABASE: 'database',
};

/** ALTER … RENAME TO, RENAME COLUMN, RENAME ATTRIBUTE, RENAME CONSTRAINT. */
export function readRename(statement: RenameStmt): Operation {
  const { renameType, relationType, relation, subname = '', newname: to = '', object } = statement;
  const table = tableRef(relation);
  switch (renameType) {
    case 'OBJECT_TABLE':
      return { kind: 'rename-table', table, to };
    case 'OBJECT_ATTRIBUTE':
      return { kind: 'rename-attribute', what: 'type', object: table, name: subname, to };
    case 'OBJECT_COLUMN': {
      const what = relationType && OBJECTS[relationType];
      if (relationType === 'OBJECT_TABLE') return { kind: 'rename-column', table, column: subname, to };
      return what
        ? { kind: 'rename-attribute', what, object: table, name: subname, to }
        : { kind: 'other', tag: 'RenameStmt' };
    }
    case 'OBJECT_TABCONSTRAINT':
      return { kind: 'rename-constraint', table, name: subname, to };
    case 'OBJECT_INDEX':
      return { kind: 'rename-index', index: table, to };
    case 'OBJECT_TYPE':
      return { kind: 'rename-type', type: namedBy(object), to };
    case 'OBJECT_SCHEMA':
      return { kind: 'rename-schema', name: subname, to };
    default: {
      const what = renameType && OBJECTS[renameType];
      if (!what) return { kind: 'other', tag: 'RenameStmt' };
      const from = relation ? table : object ? namedBy(object) : { schema: undefined, name: subname };
      return { kind: 'rename-object', what, object: from, to: { schema: from.schema, name: to } };
    }
  }
}

/** ALTER … SET SCHEMA. */
export function readSetSchema(statement: AlterObjectSchemaStmt): Operation {
  const { objectType, relation, object, newschema: schema = '' } = statement;
  const from = relation ? tableRef(relation) : namedBy(object);
  if (objectType === 'OBJECT_TABLE') return { kind: 'set-schema', table: from, to: schema };
  const what = objectType && OBJECTS[objectType];
  if (!what) return { kind: 'other', tag: 'AlterObjectSchemaStmt' };
  return { kind: 'rename-object', what, object: from, to: { schema, name: from.name } };
}

/** DROP …, one operation for each name. */
export function readDrop(statement: DropStmt): Operation[] {
  const cascade = statement.behavior === 'DROP_CASCADE';
  const ifExists = statement.missing_ok === true;
  const { removeType = 'OBJECT_TABLE' } = statement;
  return (statement.objects ?? []).map((object): Operation => {
    const names = namesIn(object);
    const owner = qualified(names.slice(0, -1));
    const name = names.at(-1) ?? '';
    switch (removeType) {
      case 'OBJECT_TABLE':
        return { kind: 'drop-table', table: qualified(names), cascade, ifExists };
      case 'OBJECT_INDEX': {
        const concurrently = statement.concurrent === true;
        return { kind: 'drop-index', index: qualified(names), concurrently, cascade, ifExists };
      }
      case 'OBJECT_VIEW':
      case 'OBJECT_MATVIEW': {
        const isMaterialized = removeType === 'OBJECT_MATVIEW';
        return { kind: 'drop-view', view: qualified(names), isMaterialized, cascade, ifExists };
      }
      case 'OBJECT_TYPE':
        return { kind: 'drop-type', type: qualified(names), cascade, ifExists };
      case 'OBJECT_SCHEMA':
        return { kind: 'drop-schema', name, cascade };
      case 'OBJECT_TRIGGER':
        return { kind: 'drop-trigger', table: owner, name };
      case 'OBJECT_POLICY':
        return { kind: 'drop-policy', table: owner, name };
      default: {
        const what = OBJECTS[removeType];
        if (!what) return { kind: 'other', tag: `Drop ${removeType}` };
        return { kind: 'drop-object', what, object: namedBy(object), cascade, ifExists };
      }
    }
  });
}

/** DROP OWNED BY: by role. */
export function readDropOwned({ roles, behavior }: DropOwnedStmt): Operation[] {
  return (roles ?? []).map((role): Operation => {
    const name = ('RoleSpec' in role ? role.RoleSpec.rolename : undefined) ?? 'current_user';
    const object = { schema: undefined, name };
    return {
      kind: 'drop-object',
      what: 'owned',
      object,
      cascade: behavior === 'DROP_CASCADE',
      ifExists: false,
    };
  });
}

function namedBy(node: Node | undefined): TableRef {
  return qualified(namesIn(node));
}

/** The strings of an object name, whichever of its forms the parser chose. */
function namesIn(node: Node | undefined): string[] {
  if (!node) return [];
  if ('ObjectWithArgs' in node) return strings(node.ObjectWithArgs.objname);
  // A cast is named by its two types.
  if ('List' in node) return (node.List.items ?? []).flatMap((item) => namesOfPart(item));
  return namesOfPart(node);
}

function namesOfPart(node: Node): string[] {
  if ('TypeName' in node) return strings(node.TypeName.names);
  return 'String' in node ? [node.String.sval ?? ''] : [];
}
