#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace bonafide {

// What a file really is, whatever its name says, as far as its first bytes tell.
struct FileKind {
  std::string_view name;         // "a Git LFS pointer"
  std::string_view remedy = {};  // "fetch the file itself with `git lfs pull`"; often empty
  bool plain_text = false;       // nothing but text, of no kind that is known; in UTF-16 too
};

// The kinds that are often met under the name of another file: what version control or a download
// leaves in its place, archives, documents, and the files of this field (sound files, PyTorch's,
// safetensors). Nothing for what is not recognised. Reads at most the first 4096 bytes.
std::optional<FileKind> kind_of(std::span<const std::byte> bytes);

// For a file that could not be read as what was `wanted` ("audio", "a checkpoint"): "looks like a
// Git LFS pointer, not audio; fetch the file itself with `git lfs pull`". Empty when its kind is
// not recognised.
std::string mistaken_for(std::span<const std::byte> bytes, std::string_view wanted);

// The same for what is read as a list. Empty also for a text that merely begins as another file
// would ("ID3.wav"), and for an empty one.
std::string mistaken_for_list(std::string_view bytes);

}  // namespace bonafide
