/** What follows from figures as they are written, without what they may stand for. */
class AsWritten extends Carried {
  /** @type {(entry: number) => Interval | null} */
  found(entry) {
    const figure = this.figures.get(entry);
    const formula = this.formula(entry);
    if (figure) {
      return between(valueOf(figure), valueOf(figure));
    }
    return formula === null ? super.found(entry) : this.due(formula);
  }
}
