package bodies

// compressions are the body as common compressors write it.
func compressions() []byteOp { return nil }
