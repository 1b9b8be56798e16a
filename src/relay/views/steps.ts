import { tooSlow } from './refusals.ts';

/** What is compared in one call of a function: some 100 ms. Whoever else asks the relay waits meanwhile. */
const MOST_STEPS = 20_000_000;

/** Is to be called at each step of what takes the product of two lengths. @throws ServerError 3024 these are too many */
export type Step = () => void;

/** For one call of a function. */
export function countedSteps(): Step {
  let steps = 0;
  return () => {
    steps += 1;
    if (steps > MOST_STEPS) throw tooSlow();
  };
}
