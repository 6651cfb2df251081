/** An object drawn in a 200 × 200 box. It stands on y = 176. */
export type Motif = () => string;
export type MotifBook = Readonly<Record<string, Motif>>;
