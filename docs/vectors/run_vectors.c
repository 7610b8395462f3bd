// Compares conv2d with test vectors: cc run_vectors.c -o run_vectors -lcjson && ./run_vectors conv2d.json
#include <cjson/cJSON.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
static const char *NAMES[] = {"y", "gradient of x", "gradient of weight", "gradient of bias"};
static const cJSON *get(const cJSON *in, const char *key) { return cJSON_GetObjectItem(in, key); }
static int whole(const cJSON *in, int i) { return cJSON_GetArrayItem(in, i)->valueint; }
static double *entries(const cJSON *array) {  // zeros where the case has no such array
  double *made = calloc(1 << 16, sizeof *made), *next = made;
  const cJSON *value, *values = get(array, "values");
  cJSON_ArrayForEach(value, values) *next++ = value->valuedouble;
  return made;
}
static void conv2d(const cJSON *test, double *y, double *dx, double *dw, double *db) {
  const cJSON *in = get(test, "inputs"), *signal = get(test, "error_signal"), *ys = get(signal, "shape");
  const cJSON *xs = get(get(in, "x"), "shape"), *ws = get(get(in, "weight"), "shape");
  const cJSON *set = get(test, "settings"), *stride = get(set, "stride"), *dilation = get(set, "dilation");
  const cJSON *above = cJSON_GetArrayItem(get(set, "padding"), 0), *left = above->next;
  int H = whole(xs, 1), W = whole(xs, 2), C = whole(xs, 3), groups = get(set, "groups")->valueint;
  int KW = whole(ws, 1), CG = whole(ws, 2), F = whole(ws, 3), OH = whole(ys, 1), OW = whole(ys, 2);
  double *x = entries(get(in, "x")), *w = entries(get(in, "weight")), *b = entries(get(in, "bias")), *dy = entries(signal);
  for (int out = 0; out < whole(ys, 0) * OH * OW * F; out++) {
    int f = out % F, j = out / F % OW, i = out / F / OW % OH, n = out / F / OW / OH;
    y[out] = b[f], db[f] += dy[out];
    for (int tap = f; tap < whole(ws, 0) * KW * CG * F; tap += F) {
      int c = tap / F % CG, v = tap / F / CG % KW, u = tap / F / CG / KW;
      int row = i * whole(stride, 0) + u * whole(dilation, 0) - whole(above, 0);
      int column = j * whole(stride, 1) + v * whole(dilation, 1) - whole(left, 0);
      if (row < 0 || row >= H || column < 0 || column >= W) continue;
      int at = ((n * H + row) * W + column) * C + f / (F / groups) * CG + c;
      y[out] += w[tap] * x[at];
      dx[at] += w[tap] * dy[out], dw[tap] += x[at] * dy[out];
    }
  }
}
int main(int count, char **arguments) {
  static char text[1 << 24];
  FILE *file = count > 1 ? fopen(arguments[1], "rb") : NULL;
  if (!file || !fread(text, 1, sizeof text - 1, file)) return puts("usage: run_vectors conv2d.json"), 2;
  const cJSON *test, *mistake, *shown, *value, *cases = get(cJSON_Parse(text), "cases");
  int wrong = 0;
  cJSON_ArrayForEach(test, cases) {
    const cJSON *d = get(test, "gradients"), *y = get(get(test, "outputs"), "y");
    const cJSON *due[] = {y, get(d, "x"), get(d, "weight"), get(d, "bias")};
    double *got[] = {entries(0), entries(0), entries(0), entries(0)};
    conv2d(test, got[0], got[1], got[2], got[3]);
    for (int k = 0, i = 0, bad = 0; k < 4; k++, wrong += bad, i = bad = 0) {
      cJSON_ArrayForEach(value, get(due[k], "values")) bad |= got[k][i++] != value->valuedouble;
      if (!bad) continue;
      printf("case %d, %s: %s is wrong. Mistakes that show there:", get(test, "number")->valueint,
             get(test, "layer")->valuestring, NAMES[k]);
      cJSON_ArrayForEach(mistake, get(test, "mistakes")) cJSON_ArrayForEach(shown, get(mistake, "shows_in"))
        if (!strcmp(shown->valuestring, NAMES[k])) printf(" %s;", get(mistake, "name")->valuestring);
      puts("");
    }
  }
  return printf("%d cases, %d arrays are wrong\n", cJSON_GetArraySize(cases), wrong), wrong > 0;
}
