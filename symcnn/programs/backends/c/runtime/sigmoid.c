/* Return 1/(1 + exp(-z)); no exponent is positive, so nothing overflows. */
static double sigmoid(double z)
{
  const double power = exp(-fabs(z));
  return z >= 0 ? 1/(1 + power) : power/(1 + power);
}
