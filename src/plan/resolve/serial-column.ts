import type { ColumnDef } from '../database-schema.ts';
import type { PlanModifyColumn, PlanPath } from '../plan.ts';
import { baseType, isSerial, serialOf } from '../serial.ts';
import { parseType } from '../../postgres/sql.ts';
import { conflict, type Resolving } from './context.ts';

/**
 * serial is an integer, a sequence and a default from it, and never a type: an entry about one of the three is read as one
 * about the column. Without its default a serial column is the integer, with another integer type it is the serial of
 * that. Undefined for columns that are none. Throws `plan-conflict` for what would be neither.
 *
 * @example serialEntry(resolving, { name: 'n', type: 'serial' }, { name: 'n', new_type: 'bigint' }, path)?.new_type // 'bigserial'
 */
export function serialEntry(
  resolving: Resolving,
  column: ColumnDef,
  entry: PlanModifyColumn,
  path: PlanPath,
): PlanModifyColumn | undefined {
  if (!resolving.context.capabilities.serial || !isSerial(column.type)) return undefined;
  const wanted = entry.new_type === undefined ? undefined : parseType(entry.new_type).text;
  return ofSerial(resolving, column, { entry, wanted, path });
}

interface Asked {
  readonly entry: PlanModifyColumn;
  readonly wanted: string | undefined;
  readonly path: PlanPath;
}

function ofSerial(
  resolving: Resolving,
  { name, type }: ColumnDef,
  asked: Asked,
): PlanModifyColumn | undefined {
  const { entry, wanted = baseType(type), path } = asked;
  const loses = entry.drop_default === true || entry.default !== undefined;
  if (loses) return { ...entry, new_type: wanted };
  if (entry.nullable === true)
    throw conflict(resolving, [...path, 'nullable'], `${name} is ${type} and cannot be null`, {
      hint: 'Add drop_default: true: the column is a plain integer then, without its sequence.',
    });
  if (entry.new_type === undefined) return undefined;
  const serial = serialOf(wanted);
  if (serial === undefined)
    throw conflict(
      resolving,
      [...path, 'new_type'],
      `${name} is ${type}: its default comes from a sequence, and ${wanted} takes no numbers from one`,
      { hint: 'Add drop_default: true: the sequence goes with it.' },
    );
  return { ...entry, new_type: serial };
}
