/**
 * What one line of an option table says. Parser, help, completion and documentation are all made from it.
 */

/** Whose rules and texts are followed: MySQL 9.7's client programs or MariaDB 11.8's. */
export type Dialect = 'mysql' | 'mariadb';

/** Which program knows an option. `rowlock` options are ours: accepted in both dialects. */
export type OptionOwner = Dialect | 'both' | 'rowlock';

/** How a value is read. The comments name the type in the server's `my_option` structure. */
export type OptionType =
  /** GET_NO_ARG: nothing but "it was given". */
  | { readonly kind: 'flag' }
  /** GET_BOOL. `words` are further values that stand for themselves, as in `--require-row-format=strict`. */
  | { readonly kind: 'bool'; readonly default: boolean; readonly words?: readonly string[] }
  /** GET_INT (32 bits), GET_LL (64 bits). */
  | {
      readonly kind: 'signed';
      readonly bits: 32 | 64;
      readonly default: bigint;
      readonly min: bigint;
      readonly max?: bigint;
    }
  /** GET_UINT (32 bits), GET_ULONG and GET_ULL (64 bits). A value is rounded down to a multiple of `block`. */
  | {
      readonly kind: 'unsigned';
      readonly bits: 32 | 64;
      readonly default: bigint;
      readonly min: bigint;
      readonly max?: bigint;
      readonly block?: bigint;
      /** Texts that are no number but are taken as they stand, where this program knows more than the real one. */
      readonly texts?: RegExp;
    }
  /** GET_STR. */
  | { readonly kind: 'string'; readonly default?: string }
  /** GET_PASSWORD: never shown; a warning when it stands on the command line. */
  | { readonly kind: 'password' }
  /** A string that must be one of `values`: any case, and any prefix that only one of them has. */
  | { readonly kind: 'choice'; readonly values: readonly string[]; readonly default?: string }
  /** GET_DISABLED: known, but compiled out of the real program. */
  | { readonly kind: 'disabled' };

/** One option. */
export interface OptionDefinition {
  /** As the real program's messages spell it; `_` and `-` are the same to users, and help shows `-`. */
  readonly name: string;
  /** One letter. */
  readonly short?: string;
  readonly argument: 'none' | 'optional' | 'required';
  readonly type: OptionType;
  /** What differs where the other real program has an option of this name with another type. */
  readonly mariadb?: { readonly type: OptionType; readonly argument?: 'none' | 'optional' | 'required' };
  readonly owner: OptionOwner;
  /** Heading in help and documentation. */
  readonly section: string;
  /** What stands for the value in help: `FILE`, `N`, `GTIDS`. */
  readonly placeholder?: string;
  /** One or two sentences. */
  readonly help: string;
  /** Instead of what, in a few words; help shows it, the warning's text belongs to the program. */
  readonly deprecated?: string;
  /** The value must not be shown by --print-defaults. */
  readonly secret?: boolean;
}

/** A value after parsing: numbers are bigint, because the real programs count to 2^64-1. */
export type OptionValue = boolean | bigint | string | null;

/** An option as one dialect sees it. */
export interface ResolvedOption {
  readonly definition: OptionDefinition;
  readonly name: string;
  readonly short: string | undefined;
  readonly argument: 'none' | 'optional' | 'required';
  readonly type: OptionType;
  /** The real program of this dialect has it. Only such options can be abbreviated. */
  readonly native: boolean;
}

/**
 * The table as one dialect sees it, in table order. Options that the *other* real program only knows as disabled are
 * left out.
 */
export function resolveOptions(
  definitions: readonly OptionDefinition[],
  dialect: Dialect,
): readonly ResolvedOption[] {
  return definitions
    .map((definition): ResolvedOption => {
      const native = definition.owner === 'both' || definition.owner === dialect;
      const other = dialect === 'mariadb' ? definition.mariadb : undefined;
      return {
        definition,
        name: definition.name,
        short: definition.short,
        argument: other?.argument ?? definition.argument,
        type: other?.type ?? definition.type,
        native,
      };
    })
    .filter((option) => option.native || option.type.kind !== 'disabled');
}

/** The value before anything was given. */
export function defaultValue(type: OptionType): OptionValue {
  switch (type.kind) {
    case 'bool':
    case 'signed':
    case 'unsigned':
      return type.default;
    case 'string':
    case 'choice':
      return type.default ?? null;
    case 'flag':
    case 'password':
    case 'disabled':
      return null;
  }
}
