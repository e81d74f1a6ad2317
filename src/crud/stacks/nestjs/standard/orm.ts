import type { CrudDomain } from '../../../domain.ts';
import type { PackageNeed } from '../../../stack.ts';
import type { DtoSetting } from './dtos.ts';

type View = Readonly<Record<string, unknown>>;
type Targets = Readonly<Record<string, string>>;

/** What of the standard layout depends on the ORM. */
export interface StandardOrm {
  /** The type of a property of a row: `Product['details']`. */
  rowType(domain: CrudDomain, key: string): string;
  /** The type of a row that is answered: its name, its import, and the file that it is imported from. */
  answer(domain: CrudDomain): { readonly name: string; readonly binding: string; readonly from: string };
  /** What the templates of the module and the service see. */
  of(setting: DtoSetting): {
    readonly view: View;
    readonly targets: Targets;
    /** Modules of the project that give the service its database. */
    readonly entries: readonly string[];
    readonly needs: readonly PackageNeed[];
    /** Files that all domains share, below their folder. */
    readonly shared: readonly { readonly id: string; readonly path: string }[];
  };
  /** What the template of the test application sees; `shared` is the folder of what domains share. */
  test(setting: DtoSetting, shared: string): { readonly view: View; readonly targets: Targets };
}
