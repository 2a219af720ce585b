// Digests, checksums and encodings of bytes.
#include <libdeflate.h>
#include <md5.h>
#include <sha1.h>
#include <sha2.h>

#include <algorithm>
#include <array>
#include <optional>

#include "functions/families.h"
#include "functions/row_function.h"
#include "functions/signature.h"

namespace thalweg {
namespace {

using Bytes = std::string_view;

constexpr char kHexDigits[] = "0123456789abcdef";

void AppendHex(Bytes bytes, const char* digits, std::string* out) {
  for (const char c : bytes) {
    const auto byte = static_cast<uint8_t>(c);
    out->push_back(digits[byte >> 4]);
    out->push_back(digits[byte & 15]);
  }
}

template <class Context, size_t kBytes, auto kInit, auto kUpdate, auto kFinal>
void AppendDigest(Bytes bytes, std::string* out) {
  Context context;
  kInit(&context);
  kUpdate(&context, reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size());
  std::array<uint8_t, kBytes> digest{};
  kFinal(digest.data(), &context);
  AppendHex({reinterpret_cast<const char*>(digest.data()), digest.size()}, kHexDigits, out);
}

void Md5(Bytes bytes, std::string* out) {
  AppendDigest<MD5_CTX, MD5_DIGEST_LENGTH, MD5Init, MD5Update, MD5Final>(bytes, out);
}
void Sha1(Bytes bytes, std::string* out) {
  AppendDigest<SHA1_CTX, SHA1_DIGEST_LENGTH, SHA1Init, SHA1Update, SHA1Final>(bytes, out);
}
// SHA-224 is SHA-256 cut short, from other first values (FIPS 180-4, 5.3.2).
void Sha224Init(SHA2_CTX* context) {
  static constexpr uint32_t kFirst[8] = {0xc1059ed8, 0x367cd507, 0x3070dd17, 0xf70e5939,
                                         0xffc00b31, 0x68581511, 0x64f98fa7, 0xbefa4fa4};
  SHA256Init(context);
  std::copy(std::begin(kFirst), std::end(kFirst), context->state.st32);
}

/// Another length than 224, 256 (0 means this too), 384 and 512 bits: NULL.
bool Sha2(Bytes bytes, int32_t bits, std::string* out) {
  switch (bits) {
    case 224:
      AppendDigest<SHA2_CTX, SHA256_DIGEST_LENGTH, Sha224Init, SHA256Update, SHA256Final>(bytes,
                                                                                          out);
      out->resize(224 / 4);
      return true;
    case 0:
    case 256:
      AppendDigest<SHA2_CTX, SHA256_DIGEST_LENGTH, SHA256Init, SHA256Update, SHA256Final>(bytes,
                                                                                          out);
      return true;
    case 384:
      AppendDigest<SHA2_CTX, SHA384_DIGEST_LENGTH, SHA384Init, SHA384Update, SHA384Final>(bytes,
                                                                                          out);
      return true;
    case 512:
      AppendDigest<SHA2_CTX, SHA512_DIGEST_LENGTH, SHA512Init, SHA512Update, SHA512Final>(bytes,
                                                                                          out);
      return true;
    default:
      return false;
  }
}
int64_t Crc32(Bytes bytes) {
  return libdeflate_crc32(0, bytes.data(), bytes.size());
}

constexpr char kBase64[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// In lines of 76 characters, as MIME wants it (spark.sql.legacy.chunkBase64String.enabled).
void Base64(Bytes bytes, std::string* out) {
  constexpr size_t kBytesOfLine = 57;
  for (size_t at = 0; at < bytes.size(); at += 3) {
    if (at > 0 && at % kBytesOfLine == 0) out->append("\r\n");
    const auto byte = [&](size_t i) {
      return i < bytes.size() ? static_cast<uint32_t>(static_cast<uint8_t>(bytes[i])) : 0;
    };
    const uint32_t group = byte(at) << 16 | byte(at + 1) << 8 | byte(at + 2);
    const size_t left = bytes.size() - at;
    out->push_back(kBase64[group >> 18]);
    out->push_back(kBase64[group >> 12 & 63]);
    out->push_back(left > 1 ? kBase64[group >> 6 & 63] : '=');
    out->push_back(left > 2 ? kBase64[group & 63] : '=');
  }
}

/// As Java's MIME decoder: what is no digit is skipped; padding ends the text.
Status Unbase64(Bytes text, std::string* out) {
  const auto malformed = [&] {
    return Status::User("CONVERSION_INVALID_INPUT",
                        {{"str", "'" + std::string(text) + "'"},
                         {"fmt", "'BASE64'"},
                         {"targetType", "\"BINARY\""},
                         {"suggestion", " Use try_to_binary to get NULL instead."}});
  };
  uint32_t group = 0;
  int digits = 0;
  for (size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '=') {
      if (digits < 2 || (digits == 2 && text.find('=', at + 1) == Bytes::npos)) return malformed();
      break;
    }
    const char* digit = static_cast<const char*>(std::memchr(kBase64, text[at], 64));
    if (digit == nullptr) continue;
    group = group << 6 | static_cast<uint32_t>(digit - kBase64);
    if (++digits < 4) continue;
    for (const int shift : {16, 8, 0}) out->push_back(static_cast<char>(group >> shift));
    group = 0;
    digits = 0;
  }
  if (digits == 1) return malformed();
  if (digits >= 2) out->push_back(static_cast<char>(group >> (digits == 2 ? 4 : 10)));
  if (digits == 3) out->push_back(static_cast<char>(group >> 2));
  return Status::OK();
}

constexpr char kUpperHexDigits[] = "0123456789ABCDEF";

void HexOfBytes(Bytes bytes, std::string* out) {
  AppendHex(bytes, kUpperHexDigits, out);
}
void HexOfNumber(int64_t number, std::string* out) {
  auto rest = static_cast<uint64_t>(number);
  do {
    out->insert(out->begin(), kUpperHexDigits[rest & 15]);
    rest >>= 4;
  } while (rest != 0);
}
int DigitOf(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}
/// An odd first digit stands for a whole byte; what is no hexadecimal text is NULL.
bool Unhex(Bytes text, std::string* out) {
  size_t at = 0;
  if (text.size() % 2 != 0) {
    const int digit = DigitOf(text[0]);
    if (digit < 0) return false;
    out->push_back(static_cast<char>(digit));
    at = 1;
  }
  for (; at < text.size(); at += 2) {
    const int high = DigitOf(text[at]), low = DigitOf(text[at + 1]);
    if (high < 0 || low < 0) return false;
    out->push_back(static_cast<char>(high << 4 | low));
  }
  return true;
}
void Bin(int64_t number, std::string* out) {
  auto rest = static_cast<uint64_t>(number);
  do {
    out->insert(out->begin(), static_cast<char>('0' + (rest & 1)));
    rest >>= 1;
  } while (rest != 0);
}

}  // namespace

void RegisterDigests(FunctionRegistry* registry) {
  RegisterOverloads(registry, {{"md5", "B", 'S', RowKernel<Md5>},
                               {"sha1", "B", 'S', RowKernel<Sha1>},
                               {"sha2", "BI", 'S', RowKernel<Sha2>, kNullable},
                               {"crc32", "B", 'L', RowKernel<Crc32>},
                               {"base64", "B", 'S', RowKernel<Base64>},
                               {"unbase64", "S", 'B', RowKernel<Unbase64>},
                               {"hex", "L", 'S', RowKernel<HexOfNumber>},
                               {"hex", "B", 'S', RowKernel<HexOfBytes>},
                               {"hex", "S", 'S', RowKernel<HexOfBytes>},
                               {"unhex", "S", 'B', RowKernel<Unhex>, kNullable},
                               {"bin", "L", 'S', RowKernel<Bin>}});
  RegisterAlias(registry, "sha", "sha1");
}

}  // namespace thalweg
