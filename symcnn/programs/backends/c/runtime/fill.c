/* Set all entries of an array to a value. */
static void fill(double *array, long size, double value)
{
  for (long entry = 0; entry < size; entry++) array[entry] = value;
}
