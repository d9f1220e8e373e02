#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>

namespace bonafide {

// What a file is that is no checkpoint, and what to do: "an ONNX model; ...". Other frameworks'
// models are told apart here, everything else by base/file_kind.h. "" when it is not recognised.
std::string what_instead_of_checkpoint(std::span<const std::byte> bytes);

// The same of a folder: a PyTorch file that was unpacked, a SavedModel.
std::string what_instead_of_checkpoint(const std::filesystem::path& folder);

}  // namespace bonafide
