/** The servers that write logs for the comparison. */
export type Flavour = 'mysql97' | 'mysql56' | 'mariadb118' | 'mariadb1011';

export const FLAVOURS: readonly Flavour[] = ['mysql97', 'mysql56', 'mariadb118', 'mariadb1011'];

export const isMaria = (flavour: Flavour): boolean => flavour.startsWith('mariadb');
export const isMysql97 = (flavour: Flavour): boolean => flavour === 'mysql97';
export const isModern = (flavour: Flavour): boolean => flavour !== 'mysql56';
export const isMaria118 = (flavour: Flavour): boolean => flavour === 'mariadb118';
