/**
 * Return log(exp(t_0) + exp(t_1) + ...); the largest is taken out, so nothing overflows.
 * @param {...number} terms
 * @returns {number}
 */
function logOfSum(...terms) {
  const largest = Math.max(...terms);
  return largest + Math.log(terms.reduce((sum, term) => sum + Math.exp(term - largest), 0));
}
