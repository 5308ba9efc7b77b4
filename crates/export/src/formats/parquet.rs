//! The wide table with types, in row groups, by the low-level writer: no Arrow.

use std::io::Write;
use std::sync::Arc;

use parquet::basic::{Compression, LogicalType, Repetition, Type as Physical};
use parquet::data_type::{ByteArray, ByteArrayType, DoubleType, Int32Type, Int64Type};
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedColumnWriter, SerializedFileWriter};
use parquet::schema::types::Type;

use crate::case::Case;
use crate::event::Event;
use crate::formats::jsonl;
use crate::formats::table::{Cell, Kind, columns, row};
use crate::write::{FormatError, Options, Rows};

/// Writes `parquet`.
pub(crate) struct Parquet<W: Write + Send> {
    out: SerializedFileWriter<W>,
    kinds: Vec<Kind>,
    /// Rows of the group at hand.
    rows: Vec<Vec<Cell>>,
    group: usize,
}

impl<W: Write + Send> Parquet<W> {
    pub(crate) fn new(out: W, case: &Case, options: &Options) -> Result<Self, FormatError> {
        let mut columns = columns();
        columns.push(("json".to_owned(), Kind::Text));
        let fields = columns.iter().map(|(name, kind)| field(name, *kind).map(Arc::new)).collect::<Result<Vec<_>, _>>()?;
        let schema = Type::group_type_builder("event").with_fields(fields).build()?;
        let about = [
            ("dateline.case", &case.id),
            ("dateline.case_name", &case.name),
            ("dateline.audit_head", &case.head),
            ("dateline.exported_at", &case.exported_at),
        ];
        let about = about.iter().map(|(key, value)| KeyValue::new((*key).to_owned(), (*value).clone())).collect();
        let properties = WriterProperties::builder()
            .set_compression(Compression::SNAPPY)
            .set_created_by(format!("dateline-export version {}", env!("CARGO_PKG_VERSION")))
            .set_key_value_metadata(Some(about))
            .build();
        let out = SerializedFileWriter::new(out, Arc::new(schema), Arc::new(properties))?;
        let kinds = columns.into_iter().map(|(_, kind)| kind).collect();
        Ok(Self { out, kinds, rows: Vec::new(), group: options.row_group.max(1) })
    }

    fn flush(&mut self) -> Result<(), FormatError> {
        if self.rows.is_empty() {
            return Ok(());
        }
        let mut group = self.out.next_row_group()?;
        for (at, kind) in self.kinds.iter().enumerate() {
            let Some(mut column) = group.next_column()? else { break };
            write_column(&mut column, *kind, self.rows.iter().map(|row| row.get(at).unwrap_or(&Cell::Unknown)))?;
            column.close()?;
        }
        group.close()?;
        self.rows.clear();
        Ok(())
    }
}

impl<W: Write + Send> Rows for Parquet<W> {
    fn event(&mut self, event: &Event) -> Result<u64, FormatError> {
        let mut cells: Vec<Cell> = row(event).into_iter().map(|(_, _, cell)| cell).collect();
        cells.push(Cell::Text(jsonl::line(event)?));
        self.rows.push(cells);
        if self.rows.len() >= self.group {
            self.flush()?;
        }
        Ok(1)
    }

    fn finish(mut self) -> Result<(), FormatError> {
        self.flush()?;
        let mut out = self.out.into_inner()?;
        Ok(out.flush()?)
    }
}

fn field(name: &str, kind: Kind) -> Result<Type, FormatError> {
    let (physical, logical) = match kind {
        Kind::Text => (Physical::BYTE_ARRAY, Some(LogicalType::String)),
        Kind::Whole => (Physical::INT64, None),
        Kind::Real => (Physical::DOUBLE, None),
        Kind::Day => (Physical::INT32, Some(LogicalType::Date)),
    };
    let builder = Type::primitive_type_builder(name, physical).with_repetition(Repetition::OPTIONAL);
    Ok(builder.with_logical_type(logical).build()?)
}

fn write_column<'a>(
    column: &mut SerializedColumnWriter<'_>,
    kind: Kind,
    cells: impl Iterator<Item = &'a Cell> + Clone,
) -> Result<(), FormatError> {
    let levels: Vec<i16> = cells.clone().map(|cell| i16::from(*cell != Cell::Unknown)).collect();
    match kind {
        Kind::Text => {
            let text = |cell: &Cell| match cell {
                Cell::Text(text) => Some(ByteArray::from(text.clone().into_bytes())),
                _ => None,
            };
            let values: Vec<ByteArray> = cells.filter_map(text).collect();
            column.typed::<ByteArrayType>().write_batch(&values, Some(&levels), None)?;
        }
        Kind::Whole => {
            let number = |cell: &Cell| if let Cell::Whole(number) = cell { Some(*number) } else { None };
            let values: Vec<i64> = cells.filter_map(number).collect();
            column.typed::<Int64Type>().write_batch(&values, Some(&levels), None)?;
        }
        Kind::Real => {
            let number = |cell: &Cell| if let Cell::Real(number) = cell { Some(*number) } else { None };
            let values: Vec<f64> = cells.filter_map(number).collect();
            column.typed::<DoubleType>().write_batch(&values, Some(&levels), None)?;
        }
        Kind::Day => {
            let day = |cell: &Cell| if let Cell::Day(day) = cell { i32::try_from(day.to_days()).ok() } else { None };
            let values: Vec<i32> = cells.filter_map(day).collect();
            column.typed::<Int32Type>().write_batch(&values, Some(&levels), None)?;
        }
    }
    Ok(())
}
