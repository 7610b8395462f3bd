// Compares conv2d with test vectors: node run_vectors.js conv2d.json
"use strict";
const fs = require("node:fs");

function conv2d({ inputs, error_signal: signal, settings }) {
  const x = inputs.x.values, w = inputs.weight.values, dy = signal.values;
  const [, H, W, C] = inputs.x.shape;
  const [KH, KW, CG, F] = inputs.weight.shape;
  const [N, OH, OW] = signal.shape;
  const { stride, dilation, padding, groups } = settings;
  const zeros = (array) => new Array(array.length).fill(0);
  const y = zeros(dy), dx = zeros(x), dw = zeros(w), db = new Array(F).fill(0);
  for (let n = 0; n < N; n++)
    for (let i = 0; i < OH; i++)
      for (let j = 0; j < OW; j++)
        for (let f = 0; f < F; f++) {
          const out = ((n * OH + i) * OW + j) * F + f;
          y[out] = inputs.bias ? inputs.bias.values[f] : 0;
          db[f] += dy[out];
          for (let u = 0; u < KH; u++)
            for (let v = 0; v < KW; v++) {
              const row = i * stride[0] + u * dilation[0] - padding[0][0];
              const column = j * stride[1] + v * dilation[1] - padding[1][0];
              if (row < 0 || row >= H || column < 0 || column >= W) continue;
              for (let c = 0; c < CG; c++) {
                const channel = Math.floor(f / (F / groups)) * CG + c;
                const at = ((n * H + row) * W + column) * C + channel;
                const tap = ((u * KW + v) * CG + c) * F + f;
                y[out] += w[tap] * x[at];
                dx[at] += w[tap] * dy[out];
                dw[tap] += x[at] * dy[out];
              }
            }
        }
  const made = { y, "gradient of x": dx, "gradient of weight": dw };
  return inputs.bias ? { ...made, "gradient of bias": db } : made;
}

const { cases } = JSON.parse(fs.readFileSync(process.argv[2], "utf8"));
let wrong = 0;
for (const test of cases) {
  const due = { y: test.outputs.y.values };
  for (const name in test.gradients) due[`gradient of ${name}`] = test.gradients[name].values;
  for (const [name, got] of Object.entries(conv2d(test))) {
    if (due[name].length === got.length && got.every((value, at) => value === due[name][at])) continue;
    const mistakes = test.mistakes.filter((m) => m.shows_in.includes(name)).map((m) => m.name);
    const where = `case ${test.number}, ${test.layer}: ${name} is wrong.`;
    console.log(`${where} Mistakes that show there: ${mistakes.join("; ")}`);
    wrong++;
  }
}
console.log(`${cases.length} cases, ${wrong} arrays are wrong`);
process.exitCode = wrong ? 1 : 0;
