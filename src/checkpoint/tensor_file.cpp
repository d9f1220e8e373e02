#include "checkpoint/tensor_file.h"
