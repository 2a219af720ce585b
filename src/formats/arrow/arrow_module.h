// What crosses the border to libthalweg_arrow.so: a table of C functions, Arrow C data, and
// callbacks through which the library reads, writes and asks for memory. Both sides include this
// file and nothing else of each other.
//  1. A function that can fail returns 0 or fills `error` and returns something else; what was to
//     be filled is then untouched. Nothing throws across.
//  2. Arrays and schemas that are handed out are the receiver's, who releases them; one that is
//     handed in is released by the function.
//  3. A reader or writer is used by one thread at a time; different ones by any threads. No call
//     starts a thread or opens a file.
#pragma once

#include "data/arrow_c.h"

extern "C" {

enum ThalwegArrowErrorKind {
  kThalwegArrowDamaged = 1,   // the bytes are not what they must be
  kThalwegArrowCallback = 2,  // a callback failed; it knows why
  kThalwegArrowMemory = 3,
  kThalwegArrowNotBuilt = 4,  // a feature that this build of the library does not have
};

struct ThalwegArrowError {
  int kind;
  char text[500];
};

struct ThalwegArrowInput {
  void* self;
  int64_t size_bytes;
  /// Bytes read, fewer than `length` only at the end; -1: failed.
  int64_t (*read_at)(void* self, int64_t offset, int64_t length, void* out);
};

struct ThalwegArrowOutput {
  void* self;
  int (*append)(void* self, const void* bytes, int64_t length);
};

struct ThalwegParquetWriteOptions {
  const char* codec;        // none, snappy, gzip, zstd, lz4, lz4_raw
  int64_t row_group_bytes;  // of the values, in memory
  /// Key, value, key, value, …: for the footer.
  const char* const* metadata;
  int metadata_count;
};

struct ThalwegParquetReader;
struct ThalwegParquetWriter;

struct ThalwegArrowModule {
  int version;  // kThalwegArrowVersion

  /// `input` is copied; what its `self` points to outlives the reader.
  ThalwegParquetReader* (*open_reader)(const ThalwegArrowInput* input, ThalwegArrowError* error);
  /// A struct of the columns. INT96 is a timestamp with zone, ENUM and JSON are strings, and a
  /// duration, which Parquet does not have, is an int64.
  int (*reader_schema)(ThalwegParquetReader* reader, ArrowSchema* out, ThalwegArrowError* error);
  /// A value of the footer, nullptr: none. Lives as long as the reader.
  const char* (*footer_value)(ThalwegParquetReader* reader, const char* key);
  int64_t (*reader_rows)(ThalwegParquetReader* reader);
  /// Begins a read of top-level columns (indices into the schema, ascending).
  int (*begin_read)(ThalwegParquetReader* reader, const int* columns, int count,
                    ThalwegArrowError* error);
  /// The next rows as a struct of the columns; `out`->release == nullptr: no more.
  int (*read_next)(ThalwegParquetReader* reader, ArrowArray* out, ThalwegArrowError* error);
  void (*close_reader)(ThalwegParquetReader* reader);

  /// Takes `schema`. `output` is copied like `input` above.
  ThalwegParquetWriter* (*open_writer)(const ThalwegArrowOutput* output, ArrowSchema* schema,
                                       const ThalwegParquetWriteOptions* options,
                                       ThalwegArrowError* error);
  int (*write)(ThalwegParquetWriter* writer, ArrowArray* batch, ThalwegArrowError* error);
  int (*finish)(ThalwegParquetWriter* writer, ThalwegArrowError* error);
  /// After `finish`, or to give the file up: then nothing is written any more.
  void (*close_writer)(ThalwegParquetWriter* writer);

  /// Bytes that the library holds in buffers.
  int64_t (*memory_bytes)();
};

#define kThalwegArrowVersion 1
#define kThalwegArrowDoor "thalweg_arrow_module"

}  // extern "C"
