/* Return the distribution function of the standard normal distribution. */
static double normal_cdf(double z)
{
  return 0.5*erfc(-z*0.70710678118654752);
}
