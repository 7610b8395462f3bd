/* Return the larger of two numbers, without a branch; what is no number is passed on. */
static double larger(double a, double b)
{
  return ((a >= b) | (a != a)) ? a : b;
}
