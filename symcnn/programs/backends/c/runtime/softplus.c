/* Return log(1 + exp(z)); no exponent is positive, so nothing overflows. */
static double softplus(double z)
{
  return (z > 0 ? z : 0) + log1p(exp(-fabs(z)));
}
