package keymap

// Actions of the endpoints pane.
const (
	EndpointsUp     ID = "endpoints.up"
	EndpointsDown   ID = "endpoints.down"
	EndpointsPageUp ID = "endpoints.page-up"
	EndpointsPageDn ID = "endpoints.page-down"
	EndpointsTop    ID = "endpoints.top"
	EndpointsBottom ID = "endpoints.bottom"
	EndpointsChoose ID = "endpoints.choose"
	EndpointsFilter ID = "endpoints.filter"
)

var endpointsActions = []Action{
	{ID: EndpointsChoose, Scope: Endpoints, Keys: []string{"enter", "l", "right"}, Short: "choose", Long: "Choose this endpoint and go to its request", Footer: 15},
	{ID: EndpointsFilter, Scope: Endpoints, Keys: []string{"/"}, Short: "filter", Long: "Filter the endpoints by any letters of their names", Footer: 16},
	{ID: EndpointsUp, Scope: Endpoints, Keys: []string{"up", "k"}, Long: "Go up"},
	{ID: EndpointsDown, Scope: Endpoints, Keys: []string{"down", "j"}, Long: "Go down"},
	{ID: EndpointsPageUp, Scope: Endpoints, Keys: []string{"pgup"}, Long: "Go up a page"},
	{ID: EndpointsPageDn, Scope: Endpoints, Keys: []string{"pgdown"}, Long: "Go down a page"},
	{ID: EndpointsTop, Scope: Endpoints, Keys: []string{"home", "g"}, Long: "Go to the first endpoint"},
	{ID: EndpointsBottom, Scope: Endpoints, Keys: []string{"end", "G"}, Long: "Go to the last endpoint"},
}
