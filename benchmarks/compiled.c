#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static double now(void)
{
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + 1e-9*(double)time.tv_nsec;
}

static int compared(const void *a, const void *b)
{
  const double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

static double timed(long calls)
{
  const double start = now();
  for (long n = 0; n < calls; n++) CALL;
  return (now() - start)/(double)calls;
}

static double times[1000];

int main(void)
{
  const double loss = CALL;
  double squares = 0;
  const NUMBER *const slopes = (const NUMBER *)&gradients;
  for (size_t n = 0; n < sizeof gradients/sizeof *slopes; n++) squares += (double)slopes[n]*slopes[n];
  timed(20);
  const long calls = 1 + (long)(0.0005/timed(20));
  for (int n = 0; n < 1000; n++) times[n] = timed(calls);
  qsort(times, 1000, sizeof *times, compared);
  printf("{\"seconds\": %.9g, \"loss\": %.17g, \"squares\": %.17g}\n", times[500], loss, squares);
  return 0;
}
