#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "checkpoint/tensor_file.h"

namespace bonafide {

// The safetensors format (8-byte little-endian header length, JSON header, data). Every length,
// offset and shape is checked against the bytes that are there; overlapping, missing or surplus
// ranges are refused. Throws Error naming the file. Tensors point into the mapped file.
TensorFile read_safetensors(const std::filesystem::path& path);
// `name` goes into messages; the tensors point into `bytes`, which must outlive them.
TensorFile read_safetensors(std::span<const std::byte> bytes, const std::string& name);

// Written atomically; the data starts at a multiple of 8 bytes. Throws Error for two tensors of one
// name, or a name or metadata that is not UTF-8.
void write_safetensors(const std::filesystem::path& path, const TensorFile& file);
std::vector<std::byte> safetensors_bytes(const TensorFile& file);  // the same file in memory

}  // namespace bonafide
