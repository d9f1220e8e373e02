#include "scoring/calibration.h"
