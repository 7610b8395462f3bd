/* Return z times z. */
static double square(double z)
{
  return z*z;
}
