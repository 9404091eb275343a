import { malformed } from "../malformed.ts";
import type { ForwardBackwardOutput, ForwardBackwardRequest, Tensor, WireDatum } from "../messages.ts";
import { floatsOf, intsOf, listOf, numberOf, objectOf, textOf } from "./read.ts";
import { tokensFromJson, tokensToJson } from "./tokens.ts";

/** The body of `forward_backward`, or of `forward`: in JSON that is a path of its own. */
export function forwardBackwardToJson(request: ForwardBackwardRequest): object {
  const { modelId, seqId, data, loss, lossConfig, forwardOnly } = request;
  const config = Object.keys(lossConfig).length === 0 ? {} : { loss_fn_config: lossConfig };
  const input = { data: data.map(datumToJson), loss_fn: loss, ...config };
  return { model_id: modelId, seq_id: seqId, [inputName(forwardOnly)]: input };
}

/** What `forwardBackwardToJson` made. @param most as of `decodeForwardBackwardRequest` @throws RrrError `bad-argument` */
export function forwardBackwardFromJson(
  value: unknown,
  forwardOnly: boolean,
  most: number = Number.POSITIVE_INFINITY,
): ForwardBackwardRequest {
  const body = objectOf(value, "the body");
  const name = inputName(forwardOnly);
  const input = objectOf(body[name], name);
  const data = listOf(input.data, `${name}.data`).slice(0, most + 1);
  return {
    modelId: textOf(body.model_id, "model_id"),
    seqId: numberOf(body.seq_id, "seq_id"),
    data: data.map((datum, i) => datumFromJson(datum, `${name}.data[${i}]`)),
    loss: textOf(input.loss_fn, `${name}.loss_fn`),
    lossConfig: numbersOf(input.loss_fn_config ?? {}, `${name}.loss_fn_config`),
    forwardOnly,
  };
}

/** The result of `forward_backward` and `forward` in JSON. */
export function outputToJson({ type, outputs, metrics }: ForwardBackwardOutput): object {
  return {
    loss_fn_output_type: type,
    loss_fn_outputs: outputs.map((output) =>
      mapValues(output, (data) => tensorToJson({ kind: "floats", data })),
    ),
    metrics,
  };
}

/** What `outputToJson` made. @throws RrrError `bad-argument` */
export function outputFromJson(value: unknown): ForwardBackwardOutput {
  const result = objectOf(value, "the result");
  const outputs = listOf(result.loss_fn_outputs, "loss_fn_outputs");
  return {
    type: textOf(result.loss_fn_output_type ?? "", "loss_fn_output_type"),
    outputs: outputs.map((output, i) =>
      mapValues(objectOf(output, `loss_fn_outputs[${i}]`), (tensor, name) => {
        const { data } = tensorFromJson(tensor, `loss_fn_outputs[${i}].${name}`);
        return data instanceof Float32Array ? data : Float32Array.from(data);
      }),
    ),
    metrics: numbersOf(result.metrics ?? {}, "metrics"),
  };
}

function datumToJson({ tokens, inputs }: WireDatum): object {
  return { model_input: tokensToJson(tokens), loss_fn_inputs: mapValues(inputs, tensorToJson) };
}

function datumFromJson(value: unknown, what: string): WireDatum {
  const { model_input, loss_fn_inputs } = objectOf(value, what);
  const inputs = objectOf(loss_fn_inputs, `${what}.loss_fn_inputs`);
  return {
    tokens: tokensFromJson(model_input, `${what}.model_input`),
    inputs: mapValues(inputs, (tensor, name) => tensorFromJson(tensor, `${what}.loss_fn_inputs.${name}`)),
  };
}

function tensorToJson({ kind, data }: Tensor): object {
  const numbers = Array.from(data, (value) => (Number.isFinite(value) ? value : null));
  return { data: numbers, dtype: kind === "floats" ? "float32" : "int64", shape: [data.length] };
}

function tensorFromJson(value: unknown, what: string): Tensor {
  const { data, dtype, shape } = objectOf(value, what);
  const tensor: Tensor =
    dtype === "int64" || dtype === "int32"
      ? { kind: "ints", data: intsOf(data, `${what}.data`) }
      : { kind: "floats", data: floatsOf(data, `${what}.data`) };
  const sizes = shape === undefined || shape === null ? [tensor.data.length] : listOf(shape, `${what}.shape`);
  if (sizes.length === 1 && sizes[0] === tensor.data.length) return tensor;
  throw malformed(`${what}: shape [${sizes}] of ${tensor.data.length} numbers, where a row is expected`);
}

function numbersOf(value: unknown, what: string): Readonly<Record<string, number>> {
  return mapValues(objectOf(value, what), (each, name) => numberOf(each, `${what}.${name}`));
}

function mapValues<From, To>(
  of: Readonly<Record<string, From>>,
  to: (value: From, name: string) => To,
): Readonly<Record<string, To>> {
  return Object.fromEntries(Object.entries(of).map(([name, value]) => [name, to(value, name)]));
}

function inputName(forwardOnly: boolean): string {
  return forwardOnly ? "forward_input" : "forward_backward_input";
}
