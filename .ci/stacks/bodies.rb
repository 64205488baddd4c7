# Writes what Ruby's serialisers make of objects.json, as bodies.py does.
require 'json'
require 'net/http'
require 'uri'
require 'time'
require 'date'
require 'bigdecimal'
require 'bigdecimal/util'
require 'base64'
def put(object, by, body, type = 'application/json')
  puts JSON.generate('stack' => 'ruby', 'object' => object, 'by' => by, 'base64' => Base64.strict_encode64(body.b), 'type' => type) if body
end

def tried(object, by, type = 'application/json')
  put(object, by, yield, type)
rescue StandardError, LoadError => e
  warn "#{object} #{by}: #{e.message}"
end

def sorted(v)
  case v
  when Hash then v.sort.to_h { |k, x| [k, sorted(x)] }
  when Array then v.map { |x| sorted(x) }
  else v
  end
end
text = File.read(File.join(__dir__, 'objects.json'))
JSON.parse(text).each do |name, o|
  tried(name, 'to_json') { o.to_json }
  tried(name, 'JSON.pretty_generate') { JSON.pretty_generate(o) }
  tried(name, 'to_json sorted') { sorted(o).to_json }
  tried(name, 'JSON.generate ascii_only') { JSON.generate(o, ascii_only: true) }
  tried(name, 'JSON.generate script_safe') { JSON.generate(o, script_safe: true) }
  tried(name, 'JSON.generate with spaces') { JSON.generate(o, space: ' ') }
  tried(name, 'inspect', 'text/plain') { o.inspect }
  tried(name, 'inspect of symbols', 'text/plain') { JSON.parse(JSON.generate(o), symbolize_names: true).inspect }
  tried(name, 'inspect of outer symbols', 'text/plain') { o.transform_keys(&:to_sym).inspect }
  tried(name, 'JSON twice') { o.to_json.to_json }
  tried(name, 'inspect of JSON', 'text/plain') { o.to_json.inspect }
  tried(name, 'to_s of values', 'text/plain') { o.values.join }
  tried(name, 'encode ascii ?') { o.to_json.encode('US-ASCII', undef: :replace, invalid: :replace) }
  tried(name, 'encode latin1') { o.to_json.encode('ISO-8859-1', undef: :replace, invalid: :replace) }
  tried(name, 'encode64', 'text/plain') { Base64.encode64(o.to_json) }
  tried(name, 'strict_encode64', 'text/plain') { Base64.strict_encode64(o.to_json) }
  tried(name, 'encode_www_form', 'application/x-www-form-urlencoded') { URI.encode_www_form(o) }
  tried(name, 'encode_www_form_component', 'text/plain') { URI.encode_www_form_component(o.to_json) }
  tried(name, 'sorted pairs', 'text/plain') { o.sort.map { |k, v| "#{k}=#{v}" }.join('&') }
  tried(name, 'compact to_json dropped') { o.compact.to_json }
  tried(name, 'set_form_data', 'application/x-www-form-urlencoded') do
    q = Net::HTTP::Post.new('/a')
    q.set_form_data(o)
    q.body
  end
  begin
    require 'faraday'
    app = Faraday.new('https://x.example') do |f|
      f.request :url_encoded
      f.adapter(:test) { |s| s.post('/a') { |env| put(name, 'Faraday url_encoded', env.body.to_s, env.request_headers['Content-Type'].to_s); [200, {}, ''] } }
    end
    app.post('/a', o)
  rescue StandardError, LoadError => e
    warn "#{name} Faraday: #{e.message}"
  end
  begin
    require 'active_support'
    require 'active_support/json'
    put(name, 'ActiveSupport', ActiveSupport::JSON.encode(o))
    put(name, 'to_query sorted', o.to_query, 'text/plain')
  rescue StandardError, LoadError => e
    warn "#{name} ActiveSupport: #{e.message}"
  end
end
t = Time.at(1_700_000_000, 123_000).utc
dates = { 'Time' => t, 'iso8601' => t.iso8601, 'iso8601 3' => t.iso8601(3), 'httpdate' => t.httpdate, 'to_i' => t.to_i, 'to_f' => t.to_f, 'DateTime' => t.to_datetime, 'strftime' => t.strftime('%F %T'),
          'local' => t.getlocal('+08:00') }
dates.each { |by, v| put('dates', "to_json of #{by}", JSON.generate('id' => 'A1', 'at' => v)) }
put('decimals', 'to_json of Float', JSON.generate('amount' => 100.1, 'fee' => 1000.0, 'n' => 1))
put('decimals', 'to_json of BigDecimal', JSON.generate('amount' => BigDecimal('100.1'), 'fee' => BigDecimal('1000'), 'n' => 1))
put('decimals', 'to_json of strings', JSON.generate('amount' => BigDecimal('100.1').to_s('F'), 'fee' => BigDecimal('1000').to_s('F'), 'n' => 1))
