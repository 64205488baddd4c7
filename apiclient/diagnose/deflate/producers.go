package deflate

import "strconv"

// The operating systems in gzip headers. The codes of Windows and macOS are what
// OS_CODE in zlib's zutil.h says.
const (
	osFAT     = 0
	osUnix    = 3
	osWindows = 10
	osNTFS    = 11 // Windows, before zlib 1.2.11
	osMacOS   = 19
	osUnknown = 255
)

// defaults lists what comes out when nobody chooses a level.
func defaults(size int) []producer {
	return []producer{
		{"Java GZIPOutputStream (JDK 16 and later)", gz(at(6), 0, osUnknown)},
		{"Python gzip (level 9)", gz(at(9), 2, osUnknown)},
		{"Node.js zlib.gzip", gz(nodeJS(6), 0, osUnix)},
		{"Java GZIPOutputStream (to JDK 15)", gz(at(6), 0, osFAT)},
		{"Go gzip.NewWriter", goGzip(goDefault, false)},
		{"zlib's gzip on Unix (Ruby, C, Rust with zlib, .NET to 8)", gz(at(6), 0, osUnix)},
		{"PHP gzencode, Apache mod_deflate, Perl IO::Compress", gz(mem9(6), 0, osUnix)},
		{"Python gzip.compress (3.11 and later, level 9)", gz(at(9), 2, osUnix)},
		{"GNU gzip -n", gz(gnu(6), 0, osUnix)},
		{"nginx gzip (level 1)", gz(nginx(1, size), 4, osUnix)},
		{"zlib compress (Java Deflater, Python, Ruby, C)", zl(at(6))},
		{"Node.js zlib.deflate", zl(nodeJS(6))},
		{"PHP gzcompress", zl(mem9(6))},
		{"Go zlib.NewWriter", goZlib(goDefault)},
		{"raw deflate (Java Deflater nowrap, Python wbits=-15, .NET to 8 on Unix)", raw(at(6))},
		{"Node.js zlib.deflateRaw", raw(nodeJS(6))},
		{"PHP gzdeflate", raw(mem9(6))},
		{"Go flate.NewWriter", goRaw(goDefault)},
		{"Node.js zlib.gzip on Windows", gz(nodeJS(6), 0, osWindows)},
		{"Node.js zlib.gzip on macOS", gz(nodeJS(6), 0, osMacOS)},
		{"zlib's gzip on Windows", gz(at(6), 0, osWindows)},
		{"zlib's gzip on macOS", gz(at(6), 0, osMacOS)},
		{"Python gzip.compress on Windows (3.11 and later, level 9)", gz(at(9), 2, osWindows)},
		{"Python gzip.compress on macOS (3.11 and later, level 9)", gz(at(9), 2, osMacOS)},
		{"zlib's gzip on Windows (before 1.2.11)", gz(at(6), 0, osNTFS)},
		{"zlib under the header of the .NET Framework", gz(at(6), 4, osFAT)},
	}
}

// gzipLevels lists gzip at all levels, those that people choose first.
func gzipLevels(size int) []producer {
	var list []producer
	add := func(name string, level int, encode func(*encoder) []byte) {
		list = append(list, producer{name + " (level " + strconv.Itoa(level) + ")", encode})
	}
	for _, l := range [...]int{9, 1, 6, 5, 4, 3, 2, 7, 8} {
		xfl := xflOf(l)
		add("zlib's gzip on Unix", l, gz(at(l), xfl, osUnix))
		add("Python GzipFile", l, gz(at(l), xfl, osUnknown))
		add("Node.js zlib.gzip", l, gz(nodeJS(l), xfl, osUnix))
		add("PHP gzencode", l, gz(mem9(l), xfl, osUnix))
		add("Java GZIPOutputStream (JDK 16 and later)", l, gz(at(l), 0, osUnknown))
		add("Java GZIPOutputStream (to JDK 15)", l, gz(at(l), 0, osFAT))
		add("Go gzip.NewWriterLevel", l, goGzip(l, false))
		add("GNU gzip -n", l, gz(gnu(l), xfl, osUnix))
		add("nginx gzip", l, gz(nginx(l, size), xfl, osUnix))
		add("nginx gzip of a response of unknown size", l, gz(at(l), xfl, osUnix))
		add("Apache mod_deflate", l, gz(mem9(l), 0, osUnix))
		add("Python GzipFile (to 3.8)", l, gz(at(l), 2, osUnknown))
		add("zlib's gzip on Windows", l, gz(at(l), xfl, osWindows))
		add("zlib's gzip on macOS", l, gz(at(l), xfl, osMacOS))
	}
	return append(list, producer{"Go gzip.NewWriterLevel (HuffmanOnly)", goGzip(goHuffman, false)})
}

// zlibLevels lists zlib and raw deflate at all levels.
func zlibLevels() []producer {
	var list []producer
	for _, l := range [...]int{9, 1, 6, 5, 4, 3, 2, 7, 8} {
		level := " (level " + strconv.Itoa(l) + ")"
		list = append(list,
			producer{"zlib compress" + level, zl(at(l))},
			producer{"Node.js zlib.deflate" + level, zl(nodeJS(l))},
			producer{"PHP gzcompress" + level, zl(mem9(l))},
			producer{"Go zlib.NewWriterLevel" + level, goZlib(l)},
			producer{"raw deflate" + level, raw(at(l))},
			producer{"Node.js zlib.deflateRaw" + level, raw(nodeJS(l))},
			producer{"PHP gzdeflate" + level, raw(mem9(l))},
			producer{"Go flate.NewWriter" + level, goRaw(l)},
		)
	}
	return list
}

// flushing lists producers that flush before they close.
func flushing() []producer {
	return []producer{
		{"Go gzip.NewWriter, Flush before Close", goGzip(goDefault, true)},
		{"Java GZIPOutputStream with syncFlush (JDK 16 and later)", gz(flushed(at(6)), 0, osUnknown)},
		{"Java GZIPOutputStream with syncFlush (to JDK 15)", gz(flushed(at(6)), 0, osFAT)},
		{"zlib's gzip on Unix, flushed before the end (.NET Stream.Flush to 8, Ruby)", gz(flushed(at(6)), 0, osUnix)},
		{"Node.js gzip stream, flushed before the end (Z_SYNC_FLUSH)", gz(flushed(nodeJS(6)), 0, osUnix)},
		{"Python GzipFile, flush before close (level 9)", gz(flushed(at(9)), 2, osUnknown)},
		{"zlib compress, flushed before the end", zl(flushed(at(6)))},
	}
}
