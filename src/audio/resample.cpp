#include "audio/resample.h"
