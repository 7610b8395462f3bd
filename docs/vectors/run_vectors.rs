// Compares conv2d with test vectors: cargo run -- conv2d.json
use serde_json::{json, Value};

fn numbers(list: &Value) -> Vec<f64> {
    list.as_array().map_or(vec![], |all| all.iter().filter_map(Value::as_f64).collect())
}
fn sizes(list: &Value) -> Vec<i64> {
    list.as_array().map_or(vec![], |all| all.iter().filter_map(Value::as_i64).collect())
}
fn conv2d(test: &Value) -> [(&str, Vec<f64>); 4] {
    let (inputs, signal, settings) = (&test["inputs"], &test["error_signal"], &test["settings"]);
    let arrays = [&inputs["x"], &inputs["weight"], signal, &inputs["bias"]];
    let [x, w, dy, b] = arrays.map(|array| numbers(&array["values"]));
    let [xs, ws, ys, _] = arrays.map(|array| sizes(&array["shape"]));
    let (stride, dilation) = (sizes(&settings["stride"]), sizes(&settings["dilation"]));
    let before: Vec<i64> = (0..2).map(|axis| sizes(&settings["padding"][axis])[0]).collect();
    let of_group = ws[3] / settings["groups"].as_i64().unwrap();
    let [mut y, mut dx, mut dw, mut db] = [&dy, &x, &w, &b].map(|like| vec![0.0; like.len()]);
    for out in 0..dy.len() as i64 {
        let (f, j, i, o) = (out % ys[3], out / ys[3] % ys[2], out / ys[3] / ys[2] % ys[1], out as usize);
        if !b.is_empty() {
            y[o] += b[f as usize];
            db[f as usize] += dy[o];
        }
        for (u, v) in (0..ws[0]).flat_map(|u| (0..ws[1]).map(move |v| (u, v))) {
            let row = i * stride[0] + u * dilation[0] - before[0];
            let column = j * stride[1] + v * dilation[1] - before[1];
            if row < 0 || row >= xs[1] || column < 0 || column >= xs[2] { continue; }
            for c in 0..ws[2] {
                let channel = f / of_group * ws[2] + c;
                let at = (((out / (ys[1] * ys[2] * ys[3]) * xs[1] + row) * xs[2] + column) * xs[3] + channel) as usize;
                let tap = (((u * ws[1] + v) * ws[2] + c) * ws[3] + f) as usize;
                y[o] += w[tap] * x[at];
                dx[at] += w[tap] * dy[o];
                dw[tap] += x[at] * dy[o];
            }
        }
    }
    [("y", y), ("x", dx), ("weight", dw), ("bias", db)]
}
fn main() {
    let text = std::fs::read_to_string(std::env::args().nth(1).expect("a file")).expect("a file");
    let (file, mut wrong): (Value, i32) = (serde_json::from_str(&text).expect("JSON"), 0);
    for test in file["cases"].as_array().unwrap() {
        for (name, got) in conv2d(test) {
            let due = &test[if name == "y" { "outputs" } else { "gradients" }][name];
            if got == numbers(&due["values"]) { continue; }
            let shown = if name == "y" { "y".into() } else { format!("gradient of {name}") };
            let names = test["mistakes"].as_array().unwrap().iter();
            let names = names.filter(|m| m["shows_in"].as_array().unwrap().contains(&json!(shown)));
            let names: Vec<&str> = names.filter_map(|m| m["name"].as_str()).collect();
            print!("case {}, {}: {shown} is wrong. ", test["number"], test["layer"].as_str().unwrap());
            println!("Mistakes that show there: {}", names.join("; "));
            wrong += 1;
        }
    }
    println!("{} cases, {wrong} arrays are wrong", file["cases"].as_array().unwrap().len());
    std::process::exit((wrong > 0).into());
}
