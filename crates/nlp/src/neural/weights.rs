//! Reads models that thinc serialised: a msgpack map of `nodes`, `attrs` and `params`, arrays in the form of msgpack-numpy.

use rmpv::Value;

use crate::package::{LoadError, Package, decode_msgpack, get};

/// No array of a CPU pipeline has more numbers than this.
const MAX_NUMBERS: usize = 1 << 27;

/// An array of numbers, row-major.
#[derive(Debug, Clone)]
pub(crate) struct Array {
    pub(crate) shape: Vec<usize>,
    pub(crate) data: Vec<f32>,
}

impl Array {
    pub(crate) fn expect_shape(&self, file: &str, shape: &[usize]) -> Result<(), LoadError> {
        if self.shape == shape {
            return Ok(());
        }
        Err(LoadError::content(file, format_args!("an array has shape {:?}, expected {shape:?}", self.shape)))
    }
}

/// One layer of the serialised tree, in the order of the walk that wrote it.
#[derive(Debug)]
pub(crate) struct Node {
    pub(crate) name: String,
    refs: Vec<(String, usize)>,
    attrs: Vec<(String, Value)>,
    params: Vec<(String, Array)>,
}

/// A serialised model.
#[derive(Debug)]
pub(crate) struct Weights {
    file: String,
    pub(crate) nodes: Vec<Node>,
}

impl Weights {
    pub(crate) fn load(package: &Package, file: &str) -> Result<Self, LoadError> {
        let value = package.read_msgpack(file)?;
        let wrong = |what: &str| LoadError::content(file, what);
        let list = |key: &'static str| get(&value, key).and_then(Value::as_array).ok_or_else(|| wrong("no model of thinc"));
        let (nodes, attrs, params) = (list("nodes")?, list("attrs")?, list("params")?);
        if attrs.len() != nodes.len() || params.len() != nodes.len() {
            return Err(wrong("layers, attributes and parameters differ in number"));
        }
        let mut out = Vec::with_capacity(nodes.len());
        for ((node, attrs), params) in nodes.iter().zip(attrs).zip(params) {
            let name = get(node, "name").and_then(Value::as_str).ok_or_else(|| wrong("a layer has no name"))?.to_owned();
            let refs = get(node, "refs").and_then(Value::as_map).into_iter().flatten();
            let refs = refs.filter_map(|(key, value)| Some((key.as_str()?.to_owned(), value.as_u64()? as usize))).collect();
            let mut read_attrs = Vec::new();
            for (key, value) in attrs.as_map().into_iter().flatten() {
                // Attributes are serialised once more, each on its own.
                let value = match value.as_slice() {
                    Some(bytes) => decode_msgpack(file, bytes)?,
                    None => value.clone(),
                };
                read_attrs.push((key.as_str().unwrap_or_default().to_owned(), value));
            }
            let mut read_params = Vec::new();
            for (key, value) in params.as_map().into_iter().flatten() {
                if !value.is_nil() {
                    read_params.push((key.as_str().unwrap_or_default().to_owned(), read_array(file, value)?));
                }
            }
            out.push(Node { name, refs, attrs: read_attrs, params: read_params });
        }
        Ok(Self { file: file.to_owned(), nodes: out })
    }

    /// Layers of one name, in order.
    pub(crate) fn named<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Node> {
        self.nodes.iter().filter(move |node| node.name == name)
    }

    /// The layer that the model's root refers to under this name.
    pub(crate) fn reference(&self, name: &str) -> Option<&Node> {
        let (_, index) = self.nodes.first()?.refs.iter().find(|(key, _)| key == name)?;
        self.nodes.get(*index)
    }

    /// Weights and bias of the only layer of this name.
    pub(crate) fn linear(&self, name: &str) -> Result<(Array, Array), LoadError> {
        let node = self.named(name).next().ok_or_else(|| LoadError::content(&self.file, format_args!("no layer `{name}`")))?;
        Ok((self.param(node, "W")?.clone(), self.param(node, "b")?.clone()))
    }

    pub(crate) fn param<'n>(&self, node: &'n Node, name: &str) -> Result<&'n Array, LoadError> {
        let found = node.params.iter().find(|(key, _)| key == name);
        found
            .map(|(_, array)| array)
            .ok_or_else(|| LoadError::content(&self.file, format_args!("layer `{}` has no `{name}`", node.name)))
    }

    pub(crate) fn attr<'n>(&self, node: &'n Node, name: &str) -> Option<&'n Value> {
        node.attrs.iter().find(|(key, _)| key == name).map(|(_, value)| value)
    }
}

fn read_array(file: &str, value: &Value) -> Result<Array, LoadError> {
    let wrong = |what: &str| LoadError::content(file, format_args!("an array {what}"));
    let kind = get(value, "type").and_then(|kind| kind.as_str().or_else(|| std::str::from_utf8(kind.as_slice()?).ok()));
    if kind != Some("<f4") {
        return Err(wrong("is not of 32-bit little-endian floats"));
    }
    let shape = get(value, "shape").and_then(Value::as_array).ok_or_else(|| wrong("has no shape"))?;
    let shape: Option<Vec<usize>> = shape.iter().map(|size| Some(size.as_u64()? as usize)).collect();
    let shape = shape.ok_or_else(|| wrong("has a shape of something else than numbers"))?;
    let count = shape.iter().try_fold(1usize, |product, &size| product.checked_mul(size)).filter(|&count| count <= MAX_NUMBERS);
    let bytes = get(value, "data").and_then(Value::as_slice).ok_or_else(|| wrong("has no data"))?;
    if count.and_then(|count| count.checked_mul(4)) != Some(bytes.len()) {
        return Err(wrong("has data that do not fill its shape"));
    }
    let data: Vec<f32> = bytes.chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect();
    if data.iter().any(|number| !number.is_finite()) {
        return Err(wrong("holds a number that is not finite"));
    }
    Ok(Array { shape, data })
}
