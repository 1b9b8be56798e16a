/** What a session had been told when a transaction began, of all that it has been told anew since: a transaction that is done again begins with it. */
export class SettingsBefore {
  #known: ReadonlyMap<string, string> | undefined;
  readonly #told = new Set<string>();

  /** Before it is told something, or what it was told is forgotten. `known`: what it has been told by then. */
  note(known: ReadonlyMap<string, string>): void {
    this.#known ??= new Map(known);
  }

  /** It is told a setting. */
  tell(name: string): void {
    this.#told.add(name);
  }

  /** What gives a session back what it had; undefined: it has it. */
  get statement(): string | undefined {
    const settings = [...this.#told].flatMap((name) => {
      const value = this.#known?.get(name);
      // What it had not been told, nothing of the transaction came before.
      return value === undefined ? [] : `@@session.${name}=${value}`;
    });
    return settings.length === 0 ? undefined : `SET ${settings.join(', ')}`;
  }
}
